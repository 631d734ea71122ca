#!/usr/bin/python3
"""Prints the test programs of one source or test file, each with its test files: PROGRAM FILE ... `./dev test FILE` runs this."""
import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent


def covering(path):
    """Returns the tests of a source: the test with its name, or those that tests/covered.list names."""
    source = path.with_suffix(".cpp")
    own = pathlib.Path("tests") / source.with_name(source.stem + "_test.cpp")
    if (root / own).exists():
        return [own]
    for line in (root / "tests/covered.list").read_text().splitlines():
        words = line.split()
        if words and words[0] == str(source):
            return [pathlib.Path(word) for word in words[1:]]
    return []


def main(build, name):
    path = pathlib.Path(name).resolve().relative_to(root)
    tests = [path] if path.name.endswith("_test.cpp") else covering(path)
    if not tests:
        sys.exit(f"dev: no test covers {path}; name a test file, or a test: ./dev test NAME")
    programs = {}
    for entry in json.loads((pathlib.Path(build) / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["file"])
        if file.is_relative_to(root) and file.relative_to(root) in tests:
            # tests/CMakeFiles/PROGRAM.dir/FILE.o
            programs.setdefault(entry["command"].split("CMakeFiles/")[-1].split(".dir/")[0], []).append(str(file.relative_to(root)))
    if not programs:
        sys.exit(f"dev: {' '.join(map(str, tests))}: no program of ctest has it; ./dev test --help lists the tests with words of their own")
    for program, files in programs.items():
        print(program, *files)


main(*sys.argv[1:])
