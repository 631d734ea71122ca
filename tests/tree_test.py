#!/usr/bin/python3
"""Checks the shape of the source tree: lengths, size of classes, includes one way, a test for each source, READMEs that name existing files. Words:
lint.py."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
most_lines, most_in_function = 450, 60
most_fields, most_methods = 12, 20
rooms = ("rules", "drivers", "daemon")
wrong = []


def sources(*folders, ends=(".cpp", ".hpp")):
    for folder in folders:
        yield from (p for p in sorted((root / folder).rglob("*")) if p.suffix in ends)


def functions_of(path):
    """Returns first line and length of each function, including a class. It begins at the last line with the indent of its closing brace. "};"
    closes none."""
    begins = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if text == "}" and indent in begins:
            yield begins[indent], number - begins[indent] + 1
        elif re.match(r"[A-Za-z~]", text):
            begins[indent] = number


def check_lengths(path):
    name, lines = path.relative_to(root), len(path.read_text().splitlines())
    if lines > most_lines:
        wrong.append(f"{name}: {lines} lines; at most {most_lines}")
    wrong.extend(f"{name}:{begin}: a function of {length} lines; at most {most_in_function}"
                 for begin, length in functions_of(path) if length > most_in_function)


def members_of(body):
    """Returns fields and methods of a class body whose inner braces are emptied. Nested types, aliases and constants are not counted."""
    body = re.sub(r"\b(public|private|protected):", "", re.sub(r"\{\}(?=\s*[;,)])", "", body))
    while re.search(r"<[^<>]*>", body):
        body = re.sub(r"<[^<>]*>", "", body)
    fields = methods = 0
    for member in (statement.strip() for statement in re.split(r";|\{\}", body)):
        if not member or re.match(r"(struct|class|enum|using|friend|static constexpr)\b", member):
            continue
        if "operator" in member or "(" in member.split("=")[0]:
            methods += 1
        else:
            fields += len(member.split(","))
    return fields, methods


def classes_of(path):
    """Returns keyword, name, line, fields and methods of each class and struct."""
    text = re.sub(r'//[^\n]*|"(\\.|[^"\\\n])*"', "", path.read_text())
    for begin in re.finditer(r"^ *(class|struct) (\w+)[^;{]*\{", text, re.M):
        depth, body = 1, ""
        for letter in text[begin.end():]:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if depth == 0:
                break
            if depth == 1 or (depth == 2 and letter == "{"):
                body += letter
        yield begin[1], begin[2], text.count("\n", 0, begin.start()) + 1, *members_of(body)


def check_classes(path):
    """Checks classes. A struct of data alone may be as wide as what it describes."""
    for keyword, name, _, fields, methods in classes_of(path):
        if (keyword == "class" or methods) and (fields > most_fields or methods > most_methods):
            wrong.append(f"{path.relative_to(root)}: {name} has {fields} fields and {methods} methods; at most {most_fields} and {most_methods}")


def check_includes():
    """Checks that no include goes upward: the folders of drivers and daemon include each other one way only. The rules are one folder here."""
    edges = {}
    for path in sources(*rooms):
        here = str(path.relative_to(root).parent)
        for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            there = str(pathlib.Path(name).parent)
            pair = ["rules" if it.split("/")[0] == "rules" else it for it in (here, there)]
            if pair[0] != pair[1]:
                edges.setdefault(pair[0], {}).setdefault(pair[1], f"{path.relative_to(root)} includes {name}")
    def reached_from(folder, seen):
        for it in edges.get(folder, {}):
            if it not in seen:
                seen.add(it)
                reached_from(it, seen)
        return seen

    for here in edges:
        wrong.extend(f"{include}, which includes this folder too" for there, include in edges[here].items()
                     if here in reached_from(there, set()))


def check_types():
    """Checks that no two headers define types of one name. The simulated site has its own namespace, where a relay may have the name of its driver."""
    found = {}
    for path in sources(*rooms, ends=(".hpp",)):
        if not path.is_relative_to(root / "drivers/sim"):
            for name in re.findall(r"^(?:class|struct|enum class) (\w+)[^;{]*\{", path.read_text(), re.M):
                found.setdefault(name, []).append(str(path.relative_to(root)))
    wrong.extend(f"{name} is defined in {' and in '.join(places)}" for name, places in found.items() if len(places) > 1)


def check_twins():
    """Checks that each source has a test of its name at its place, or a row in covered.list with the test that covers it."""
    table = root / "tests" / "covered.list"
    rows = [line.split() for line in table.read_text().splitlines() if line.strip() and not line.startswith("#")]
    used = set()
    for path in sources(*rooms, ends=(".cpp",)):
        name = path.relative_to(root)
        twin = (root / "tests" / name).with_name(name.stem + "_test.cpp")
        covering = [row for row in rows if row[0] == str(name)]
        used.update(row[0] for row in covering)
        if twin.exists() and covering:
            wrong.append(f"{name}: has {twin.relative_to(root)}; its row in tests/covered.list can go")
        elif not twin.exists() and not covering:
            wrong.append(f"{name}: no {twin.relative_to(root)}, and no row in tests/covered.list")
    for row in rows:
        if row[0] not in used:
            wrong.append(f"tests/covered.list: {row[0]} matches no source")
        wrong.extend(f"tests/covered.list: {row[0]}: there is no {test}" for test in row[1:] if not (root / test).exists())
        if len(row) < 2:
            wrong.append(f"tests/covered.list: {row[0]}: which test covers it?")


def check_readmes():
    """Checks that links resolve, and each folder with sources is named in a README at or above it."""
    for readme in sorted(root.glob("**/README.md")):
        if any(part.startswith("build") for part in readme.relative_to(root).parts):
            continue
        for link in re.findall(r"\]\(([^)#:]+)\)", readme.read_text()):
            if not (readme.parent / link).exists():
                wrong.append(f"{readme.relative_to(root)}: {link} is not there")
    for folder in {path.parent for path in sources(*rooms)}:
        above = [p / "README.md" for p in (folder, *folder.parents) if p.is_relative_to(root) and (p / "README.md").exists()]
        if above[0].parent != folder and f"{folder.name}/" not in above[0].read_text():
            wrong.append(f"{above[0].relative_to(root)}: does not name {folder.relative_to(root)}/")
    front = (root / "README.md").read_text()
    for readme in sorted(root.glob("*/README.md")):
        if f"({readme.relative_to(root)})" not in front:
            wrong.append(f"README.md: its table has no row for {readme.parent.name}")


def check_planted_faults():
    """Checks that the text that a planted fault replaces occurs once, because `./dev mutate` could not plant it otherwise."""
    for listed in ("faults.list", "properties.list"):
        for line in (root / "tests/mutate" / listed).read_text().splitlines():
            name, *parts = (line + " ").split(" ## ")
            if line and not line.startswith("#") and (count := (root / parts[0]).read_text().count(parts[1].rstrip())) != 1:
                wrong.append(f"tests/mutate/{listed}: {name}: its text occurs {count} times in {parts[0]}, not once")


def check_format():
    """Checks the format. Each release of clang-format breaks lines differently, so only that of Debian 12 counts. Skipped elsewhere, with a note."""
    files = [str(p) for p in sources(*rooms, "tests")]
    try:
        release = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
        if " version 14." not in release:
            print(f"tree: the format is not checked: this is not clang-format 14 but {release.strip()}")
            return
        done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        print("tree: no clang-format, so the format is not checked")
        return
    for name in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error: code should be clang-formatted", done.stderr, re.M))):
        wrong.append(f"{name}: not formatted; run ./dev format")


def main():
    for source in sources(*rooms):
        check_lengths(source)
    for source in sources("daemon"):
        check_classes(source)
    check_includes()
    check_types()
    check_twins()
    check_readmes()
    check_planted_faults()
    if "--no-format" not in sys.argv:
        check_format()
    print("\n".join(wrong) or "the tree is in shape")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
