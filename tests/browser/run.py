#!/usr/bin/env python3
"""run.py BUILD [--screens DIRECTORY] [--axe axe.min.js] [NAME ...]: runs the browser tests, or only those named: live,
settings.Settings.test_two_editors"""
import argparse
import importlib
import re
import signal
import subprocess
import sys
import threading
import time
import unittest

import voltsite
import world

# Most of a case waits for voltd, so run two sites with a Chromium each at once, of about equal duration, and then measurements
# alone.
lanes = (("live", "login", "why", "attack"), ("act", "settings", "history", "size", "csp", "axe"))
alone = ("slow",)
named_only = ("many", "long")


class Result(unittest.TextTestResult):
    def startTest(self, test):
        self.begun = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.stream.writeln(f"    {time.monotonic() - self.begun:.1f} s {test.id()}")
        super().stopTest(test)


def case_of(test):
    return getattr(test, "test_case", test).id()


def failed(result):
    return sorted({case_of(test) for test, _ in result.failures + result.errors})


def run(names):
    """Returns (passed, failed) of these, in one site and one Chromium."""
    suite = unittest.TestSuite()
    for name in names:
        module, _, case = name.partition(".")
        module = importlib.import_module(f"{module}_cases")
        suite.addTests(unittest.defaultTestLoader.loadTestsFromName(case, module) if case else unittest.defaultTestLoader.loadTestsFromModule(module))
    try:
        result = unittest.TextTestRunner(verbosity=2, resultclass=Result).run(suite)
        count, bad = result.testsRun, failed(result)
        if bad:  # a page may be late on a busy machine: run each once more, and print its name
            print("failed, each runs once more, on a new site:", *bad, sep="\n  ", flush=True)
            world.end()
            again = unittest.defaultTestLoader.loadTestsFromNames(bad)
            bad = failed(unittest.TextTestRunner(verbosity=2, resultclass=Result).run(again))
    finally:
        world.end()
    return count - len(bad), len(bad)


def run_at_once():
    """Returns (passed, failed) of all lanes, each in a separate process."""
    counts = []

    def follow(child):
        for line in child.stdout:
            done = re.fullmatch(r"(\d+) passed, (\d+) failed\n", line)
            if done:
                counts.append(tuple(map(int, done.groups())))
            else:
                print(line, end="", flush=True)

    children = [subprocess.Popen([sys.executable, *sys.argv, *lane], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for lane in lanes]
    readers = [threading.Thread(target=follow, args=(child,)) for child in children]
    try:
        for reader in readers:
            reader.start()
        for child in children:
            child.wait()
        for reader in readers:
            reader.join()
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
                child.wait()
    lost = len(lanes) - len(counts)  # a lane that ended without its counts has failed
    return sum(passed for passed, _ in counts), sum(bad for _, bad in counts) + lost


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--screens", default=None)
    parser.add_argument("--axe", default=None)
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    known = (*lanes[0], *lanes[1], *alone, *named_only)
    for name in given.names:
        if name.partition(".")[0] not in known:
            parser.error(f"no tests {name}; there are {', '.join(known)}")
    world.programs, world.screens, world.axe = voltsite.programs_of(given.build), given.screens, given.axe
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # unittest passes no other exception on: the site and Chromium end
    begun = time.monotonic()
    passed, bad = run(given.names) if given.names else map(sum, zip(run_at_once(), run(alone)))
    print(f"{time.monotonic() - begun:.0f} s", flush=True)
    print(f"{passed} passed, {bad} failed")
    sys.exit(bad > 0 or passed == 0)


main()
