#!/usr/bin/python3
"""Lists comments, test names, sentences and lengths that read badly. Fails nothing; tree_test.py checks what must hold.

usage: lint.py [--json] [--counts] [FOLDER or FILE ...]"""
import json
import re
import sys

from tree_test import classes_of, functions_of, most_in_function, root, rooms, sources

most_words, most_fields = 12, 20
kinds = ("comment starts with What, Why, Whether, Of, Those or As", '"; empty:" in a comment', 'test name with ";"', 'test name with "what"',
         f"test name of more than {most_words} words", f"function of more than {most_in_function} lines", f"class of more than {most_fields} fields",
         "function of a header without a comment", "number written out in a sentence", "word that is not plain", "stiff word that an owner reads")
found = {kind: [] for kind in kinds}


def report(kind, path, number, text=""):
    found[kind].append({"place": f"{path.relative_to(root)}:{number}", "text": " ".join(text.split())[:160]})


def code_of_tree(*ends):
    yield from sources(*rooms, "tests", "systemd", "cross", ends=ends)


def comments_of(path):
    """Yields line and text of each comment. Consecutive comment lines are one."""
    mark = "//" if path.suffix in (".cpp", ".hpp", ".js", ".mjs") else "#"
    begun, words, last, in_line = 0, [], 0, False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        outside = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`', lambda it: "_" * len(it[0]), line)
        at = -1 if re.match(r"#(!|include|pragma|if|endif|define)", line) else outside.find(mark)
        if mark == "#" and at > 0 and outside[at - 1] not in " \t":
            at = -1
        alone = at >= 0 and not line[:at].strip()
        if words and not (alone and not in_line and number == last + 1):
            yield begun, " ".join(words)
            words = []
        if at >= 0:
            if not words:
                begun, in_line = number, not alone
            words.append(line[at:].lstrip("/#!< "))
            last = number
    if words:
        yield begun, " ".join(words)


def lint_comments(path):
    for number, text in comments_of(path):
        if re.match(r"(What|Why|Whether|Of|Those|As)\b", text):
            report("comment starts with What, Why, Whether, Of, Those or As", path, number, text)
        if "; empty:" in text:
            report('"; empty:" in a comment', path, number, text)


def lint_test_names(path):
    case = r'\bTEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)' if path.suffix == ".cpp" else r"^\s*test\(\s*(['\"`](?:[^\n\\]|\\.)*?['\"`]),"
    text = path.read_text()
    for it in re.finditer(case, text, re.M):
        name = re.sub(r'"\s*"', "", it[1]).strip()[1:-1]
        number = text.count("\n", 0, it.start()) + 1
        if ";" in name:
            report('test name with ";"', path, number, name)
        if re.search(r"\bwhat\b", name, re.I):
            report('test name with "what"', path, number, name)
        if len(name.split()) > most_words:
            report(f"test name of more than {most_words} words", path, number, name)


def lint_sizes(path):
    for number, length in functions_of(path):
        if length > most_in_function:
            report(f"function of more than {most_in_function} lines", path, number, f"{length} lines")
    for _, name, number, fields, _ in classes_of(path):
        if fields > most_fields:
            report(f"class of more than {most_fields} fields", path, number, f"{name}: {fields} fields")


def lint_contracts(path):
    """Reports public functions of a header without a comment above or behind. The second of two overloads, constructors, accessors of one line and
    overrides need none."""
    declared = re.compile(r"^( *)(?:template <.*> )?(?:\[\[nodiscard\]\] |static |virtual |explicit |inline |constexpr |friend )*"
                          r"[\w:<>,*& ]+[ *&](\w+)\((?!\*)[^;]*$|^( *)(?:\[\[nodiscard\]\] )?[\w:<>,*& ]+[ *&](\w+)\(.*;$")
    lines = path.read_text().splitlines()
    hidden, last_name = set(), ""  # indents whose members are private
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if match := re.match(r" *(public|private|protected):", line):
            (hidden.discard if match[1] == "public" else hidden.add)(indent)
            continue
        if re.match(r" *class \w+[^;]*\{", line):
            hidden.add(indent)
        elif re.match(r" *\};?$", line):
            hidden.discard(indent)
        it = declared.match(line)
        if not it or any(level < indent for level in hidden) or indent > 4 or line.lstrip().startswith(("//", "return", "using", "#")):
            continue
        name = it[2] or it[4]
        above = lines[number - 2].strip() if number > 1 else ""
        plain = re.search(r"\boverride\b|= (default|delete|0);|operator|\{.*\}$", line)
        if not (above.startswith(("//", "template")) or "//" in line or plain or name[0].isupper() or name == last_name):
            report("function of a header without a comment", path, number, line)
        last_name = name


# Questions in the words of owners, and the code that compares them.
owners_words = {root / "daemon/agent" / name for name in (
    "manual/questions.md", "manual/commands.md", "ask/asked_question.cpp", "ask/same_words.cpp", "ask/question_words.cpp", "ask/asked_reason.cpp",
    "ask/asked_series.cpp", "ask/asked_span.cpp")}


def lint_numbers():
    """Reports thresholds written out in a sentence. They must come from the constant or the policy that acts: a number would be wrong once that
    changes. Exceptions: a time as a person types it (90m), the steps of a unit, commands in the examples of a help text."""
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
                    report("number written out in a sentence", path, number, text)


def lint_plain_words():
    """Reports words that are not plain English in comments and texts. Allowed: a word of an interface, or a quoted test name."""
    quaint = re.compile(r"\b(tell|tells|told|wish|wishes|wished|farewell|chores|errands?|nobody|somebody|for ever|misspelt|to be had|of ours|held against)\b",
                        re.I)
    for path in sources(*rooms):
        if path in owners_words:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for text in re.findall(r'//.*|"(?:[^"\\]|\\.)*"', line.replace("--for ever", "")):
                if word := quaint.search(text):
                    report("word that is not plain", path, number, f"{word[0]}: {line}")
    scripts = (root / "dev", root / "CMakeLists.txt", *sources(*rooms, "tests", ends=(".cmake",)))
    for path in (*scripts, *sources("daemon/web", ends=(".js",))):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for text in re.findall(r"#.*|//.*|'(?:[^'\\]|\\.)*'", line):
                if word := quaint.search(text):
                    report("word that is not plain", path, number, f"{word[0]}: {line}")
    for path in (*(root / "daemon/man").glob("*.[158]"), *(p for p in root.glob("**/*.md") if "build" not in str(p.relative_to(root)))):
        if path in owners_words:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if word := quaint.search(re.sub(r'"[^"]*"|--for ever|for ever +off', "", line.replace("\\-", "-"))):
                report("word that is not plain", path, number, f"{word[0]}: {line}")


def lint_shown_words():
    """Reports stiff words in text for owners: string literals of the product, and the manual pages. Allowed: lines where the word has its plain
    sense."""
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
                report("stiff word that an owner reads", path, number, f"{word[0]}: {text}")


def main():
    arguments = [it for it in sys.argv[1:] if not it.startswith("--")]
    for path in code_of_tree(".cpp", ".hpp", ".js", ".mjs", ".py", ".sh", ".cmake"):
        lint_comments(path)
    for path in sources("tests", ends=(".cpp", ".js", ".mjs")):
        lint_test_names(path)
    for path in sources(*rooms, "tests"):
        lint_sizes(path)
    for path in sources(*rooms, ends=(".hpp",)):
        lint_contracts(path)
    lint_numbers()
    lint_plain_words()
    lint_shown_words()
    for places in found.values():
        places[:] = [it for it in places if not arguments or it["place"].startswith(tuple(arguments))]
    if "--json" in sys.argv:
        print(json.dumps(found, indent=1))
        return
    if "--counts" not in sys.argv:
        for kind, places in found.items():
            for it in places:
                print(f"{it['place']}: {kind}: {it['text']}")
    for kind, places in found.items():
        print(f"{len(places):5}  {kind}")


if __name__ == "__main__":
    main()
