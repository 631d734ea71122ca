#!/usr/bin/python3
"""The shape of the source tree: lengths, size of classes, includes one way, a test for each source, READMEs that name what is there, plain words."""
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


def check_lengths(path):
    name, lines = path.relative_to(root), path.read_text().splitlines()
    if len(lines) > most_lines:
        wrong.append(f"{name}: {len(lines)} lines; at most {most_lines}")
    # A function, of a class too, begins with the last line of its closing brace's indent; what closes with "};" is none.
    begins = {}
    for number, line in enumerate(lines, 1):
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if text == "}" and number - begins.get(indent, number) + 1 > most_in_function:
            wrong.append(f"{name}:{begins[indent]}: a function of {number - begins[indent] + 1} lines; at most {most_in_function}")
        elif re.match(r"[A-Za-z~]", text):
            begins[indent] = number


def members_of(body):
    """Fields and methods of a class body whose inner braces are emptied; nested types, aliases and constants are neither."""
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


def check_classes(path):
    """A struct of data alone may be as wide as what it describes."""
    text = re.sub(r'//[^\n]*|"(\\.|[^"\\\n])*"', "", path.read_text())
    for begin in re.finditer(r"^ *(class|struct) (\w+)[^;{]*\{", text, re.M):
        depth, body = 1, ""
        for letter in text[begin.end():]:
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if depth == 0:
                break
            if depth == 1 or (depth == 2 and letter == "{"):
                body += letter
        fields, methods = members_of(body)
        if (begin[1] == "class" or methods) and (fields > most_fields or methods > most_methods):
            wrong.append(f"{path.relative_to(root)}: {begin[2]} has {fields} fields and {methods} methods; at most {most_fields} and {most_methods}")


def check_includes():
    """No include goes upward: the folders of drivers and daemon include each other one way only. The rules are one folder here."""
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
    """No two headers define types of one name. The simulated site has a namespace of its own, where a relay may have the name of its driver."""
    found = {}
    for path in sources(*rooms, ends=(".hpp",)):
        if not path.is_relative_to(root / "drivers/sim"):
            for name in re.findall(r"^(?:class|struct|enum class) (\w+)[^;{]*\{", path.read_text(), re.M):
                found.setdefault(name, []).append(str(path.relative_to(root)))
    wrong.extend(f"{name} is defined in {' and in '.join(places)}" for name, places in found.items() if len(places) > 1)


def check_twins():
    """Each source has a test of its name at its place, or a row in covered.list with the test that covers it."""
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
    """Links lead somewhere, and each folder with sources is named in a README at or above it."""
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


# Questions in the words of owners, and what is compared with them.
owners_words = {root / "daemon/agent" / name for name in (
    "manual/questions.md", "manual/commands.md", "ask/asked_question.cpp", "ask/same_words.cpp", "ask/question_words.cpp", "ask/asked_reason.cpp",
    "ask/asked_series.cpp", "ask/asked_span.cpp")}


def check_sentences():
    """A threshold in a sentence comes from the constant or the policy that acts: a number written out would lie once that changes.
    Not meant: a time as a person types it (90m), the steps of a unit, commands in the examples of a help text."""
    quantity = re.compile(
        r"(?<!%)[1-9][\d.]*(\s?(V|W|Wh|kWh|A|K|°C|°F|%)|\s(s|min|h|d))(?![\w=])|\b(within|after|in|for|than|last|every) (an hour|a minute|a day)\b"
        r"|\b(an hour|a minute) (after|without)\b|\b(?i:two|three|four|five|ten|sixteen|[1-9]\d*) (times|minutes|hours|crashes|keys|wrong codes)\b"
    )
    literal = re.compile(r'//[^\n]*|R"(\w*)\((.*?)\)\1"|"((?:[^"\\\n]|\\.)*)"', re.S)
    with_sentences = [f"daemon/{name}" for name in ("explain", "journal", "loop", "site", "host", "api", "ctl", "config", "whatif", "agent", "report")]
    outer = [path for path in sources("daemon") if path.parent.name == "daemon"]
    for path in (*sources("drivers/mqtt", "drivers/store/telemetry", "drivers/store/settings", *with_sentences), *outer):
        if path in owners_words:
            continue
        code = path.read_text()
        for found in literal.finditer(code):
            first = code.count("\n", 0, found.start()) + 1
            for number, text in enumerate((found[2] or found[3] or "").split("\n"), first):
                said = re.sub(r"^  voltctl .*|\bsteps of .*", "", text)
                if " " in said and quantity.search(said):
                    wrong.append(f"{path.relative_to(root)}:{number}: a quantity stands in a sentence: {text}")


def check_words():
    """Comments and texts are plain English: these words never are. Allowed: a word of an interface, or a quoted name of a test."""
    quaint = re.compile(r"\b(tell|tells|told|wish|wishes|wished|farewell|chores|errands?|nobody|somebody|for ever|misspelt|to be had|of ours|held against)\b",
                        re.I)
    for path in sources(*rooms):
        if path in owners_words:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for text in re.findall(r'//.*|"(?:[^"\\]|\\.)*"', line.replace("--for ever", "")):
                if word := quaint.search(text):
                    wrong.append(f"{path.relative_to(root)}:{number}: '{word[0]}' is not plain English here")
    scripts = (root / "dev", root / "CMakeLists.txt", *sources(*rooms, "tests", ends=(".cmake",)))
    for path in (*scripts, *sources("daemon/web", ends=(".js",))):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for text in re.findall(r"#.*|//.*|'(?:[^'\\]|\\.)*'", line):
                if word := quaint.search(text):
                    wrong.append(f"{path.relative_to(root)}:{number}: '{word[0]}' is not plain English here")
    for path in (*(root / "daemon/man").glob("*.[158]"), *(p for p in root.glob("**/*.md") if "build" not in str(p.relative_to(root)))):
        if path in owners_words:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if word := quaint.search(re.sub(r'"[^"]*"|--for ever|for ever +off', "", line.replace("\\-", "-"))):
                wrong.append(f"{path.relative_to(root)}:{number}: '{word[0]}' is not plain English here")


def check_shown_words():
    """What an owner reads: string literals of the product, and the manual pages. Allowed: lines where the word has its plain sense."""
    stiff = re.compile(
        r"\b(says?|said|away|look(s|ed)? (at|in)|left out|leave \S+ out|neither|of before|another hand|so many|stands? (here|twice|below))\b", re.I)
    allowed = ()
    literal = re.compile(r'//[^\n]*|R"(\w*)\((.*?)\)\1"|"((?:[^"\\\n]|\\.)*)"(?:\s*"((?:[^"\\\n]|\\.)*)")*', re.S)
    for path in (*sources(*rooms), *sorted((root / "daemon/man").glob("*.[158]"))):
        if path in owners_words:
            continue
        code = path.read_text()
        shown = literal.finditer(code) if path.suffix in (".cpp", ".hpp") else re.finditer(r"^.*$", code, re.M)
        for found in shown:
            text = found[0] if not found[0].startswith("//") else ""
            if (word := stiff.search(re.sub(r'"\s*"', "", text))) and not any(line in text for line in allowed):
                number = code.count("\n", 0, found.start()) + 1
                wrong.append(f"{path.relative_to(root)}:{number}: '{word[0]}' in a text that an owner reads: {' '.join(text.split())[:160]}")


def check_planted_faults():
    """The text that a planted fault replaces occurs once, or `./dev mutate` cannot plant it."""
    for listed in ("faults.list", "properties.list"):
        for line in (root / "tests/mutate" / listed).read_text().splitlines():
            name, *parts = (line + " ").split(" ## ")
            if line and not line.startswith("#") and (count := (root / parts[0]).read_text().count(parts[1].rstrip())) != 1:
                wrong.append(f"tests/mutate/{listed}: {name}: its text occurs {count} times in {parts[0]}, not once")


def check_format():
    """Each release of clang-format breaks lines in its own way, so one decides: that of Debian 12. Skipped, with a line, elsewhere."""
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


for source in sources(*rooms):
    check_lengths(source)
for source in sources("daemon"):
    check_classes(source)
check_includes()
check_types()
check_twins()
check_readmes()
check_sentences()
check_words()
check_shown_words()
check_planted_faults()
if "--no-format" not in sys.argv:
    check_format()
print("\n".join(wrong) or "the tree is in shape")
sys.exit(1 if wrong else 0)
