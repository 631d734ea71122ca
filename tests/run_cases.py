#!/usr/bin/python3
"""Runs a test program's cases side by side: run_cases.py AT_ONCE PROGRAM. Each process takes a few cases; for those that mostly wait."""
import concurrent.futures
import re
import subprocess
import sys


# More parts than processes at once, so that they end at about the same time; a part costs the start of a process.
parts_each = 4


def run(program, first, last):
    done = subprocess.run([program, "--no-version", f"--first={first}", f"--last={last}"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, done.stdout


def main(at_once, program):
    listed = subprocess.run([program, "--count", "--no-version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    cases = int(re.search(r"passing the current filters: (\d+)", listed).group(1))
    size = -(-cases // (parts_each * at_once))
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        results = list(pool.map(lambda first: run(program, first, first + size - 1), range(1, cases + 1, size)))
    failed = 0
    for code, output in results:
        if code != 0:
            print(output, end="")
            failed += 1
    print(f"{cases} cases in {len(results)} processes, of which {failed} failed")
    sys.exit(failed > 0 or cases == 0)


main(int(sys.argv[1]), sys.argv[2])
