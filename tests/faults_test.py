#!/usr/bin/python3
"""Checks that faults.md names each fault once, and that every named test exists: its file, and the case or words in it."""
import pathlib
import re
import sys

tests = pathlib.Path(__file__).resolve().parent
table = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else tests / "faults.md"
counts = {"S": 18, "N": 10, "B": 13, "R": 15, "D": 14, "C": 7, "P": 13, "K": 9, "W": 6, "X": 8, "Y": 4, "O": 10}
wanted = [f"{letter}{n}" for letter, count in counts.items() for n in range(1, count + 1)]

quoted = r'"[^"]+"'
reference = re.compile(rf'`([^`]+)`((?:: {quoted}(?:, {quoted})*)?)')
literal = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
wrong = []


def cases_of(path):
    """Returns the names of its test cases. Adjacent literals are one name."""
    found = set()
    for match in literal.finditer(path.read_text()):
        found.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1))))
    return found


def look(fault, name, cases):
    path = next((p for p in (tests / name, tests / (name + ".cpp")) if p.is_file()), None)
    if path is None:
        return wrong.append(f"{fault}: there is no tests/{name}")
    is_doctest = path.name.endswith("_test.cpp")
    if is_doctest and not cases:
        wrong.append(f"{fault}: which case of {name}?")
    known = cases_of(path) if is_doctest else path.read_text()
    wrong.extend(f"{fault}: {name} has no \"{case}\"" for case in cases if case not in known)


named = []
for line in table.read_text().splitlines():
    row = re.fullmatch(r"\| ([A-Z]\d+) \| ([^|]+) \| (.+) \|", line)
    if not row:
        if re.match(r"\|\s*[A-Z]\d", line):
            wrong.append(f"no row of three columns: {line}")
        continue
    fault, _, covered = row.groups()
    named.append(fault)
    references = reference.findall(covered)
    if not references and not re.match(r"Only with hardware|No test", covered):
        wrong.append(f"{fault}: neither a test nor why there is none")
    for name, cases in references:
        look(fault, name, re.findall(r'"([^"]+)"', cases))

wrong.extend(f"{fault} is not named" for fault in wanted if fault not in named)
wrong.extend(f"{fault} is named {named.count(fault)} times" for fault in sorted(set(named)) if named.count(fault) > 1)
wrong.extend(f"{fault} is no fault of the list" for fault in sorted(set(named)) if fault not in wanted)
print("\n".join(wrong) if wrong else f"{len(named)} faults, every test is there")
sys.exit(1 if wrong else 0)
