#!/usr/bin/python3
"""citations.py BUILD [--seed S] [--files N]: opens each hit's place with other tools (sed, pdftotext, Python's HTML parser), which must find the
words."""
import argparse
import html.parser
import os
import random
import re
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus  # noqa: E402
import docsite  # noqa: E402


def plain_words(text):
    return re.findall(r"\w+", text.lower().replace("-\n", ""))


class Fragment(html.parser.HTMLParser):
    """Returns the text from an id on, or all of it without one."""

    def __init__(self, mark):
        super().__init__()
        self.mark, self.on, self.text = mark, not mark, ""

    def handle_starttag(self, tag, attributes):
        self.on = self.on or ("id", self.mark) in attributes
        self.text += " "

    def handle_data(self, data):
        if self.on:
            self.text += data


def opened(folder, hit):
    """Returns the text that another tool finds at the hit's place."""
    uri = urllib.parse.urlsplit(hit["uri"])
    path = urllib.parse.unquote(uri.path.removeprefix("/site/"))
    assert uri.netloc == "doc", hit
    if "page" in hit:
        assert uri.fragment == f"page={hit['page']}", hit
        return path, subprocess.run(["pdftotext", "-f", str(hit["page"]), "-l", str(hit["page"]), f"{folder}/{path}", "-"], capture_output=True, text=True, check=True).stdout
    if path.endswith(".html"):
        fragment = Fragment(urllib.parse.unquote(uri.fragment))
        with open(f"{folder}/{path}") as file:
            fragment.feed(file.read())
        return path, fragment.text
    return path, subprocess.run(["sed", "-n", f"{hit['line_from']},{hit['line_to']}p", f"{folder}/{path}"], capture_output=True, text=True, check=True).stdout


def holds(text, snippet):
    """Returns true if all words of the snippet occur there in order, except for text that `…` replaces."""
    there = " " + " ".join(plain_words(text)) + " "
    return all(" " + " ".join(plain_words(part)) + " " in there for part in snippet.split("…") if plain_words(part))


def check(build, seed, files, most):
    """Returns (hits, wrong ones, known sentences searched for, at most `most`, found at their place)."""
    site = docsite.DocSite(build)
    try:
        truth = corpus.write(site.folder, seed, files)
        row, report = site.sync()
        assert row["added"] == files, report
        hits = wrong = right = 0
        chance = random.Random(seed)
        truth = chance.sample(truth, min(most, len(truth)))
        for known in truth:
            found = site.search(known["sentence"], 3)
            best = found[0] if found else {"uri": "none"}
            path = urllib.parse.unquote(urllib.parse.urlsplit(best["uri"]).path.removeprefix("/site/"))
            at = best.get("page") == known["page"] if "page" in known else (
                best.get("line_from", 0) <= known["line"] <= best.get("line_to", 0) if "line" in known else True)
            if path == known["file"] and at:
                right += 1
            else:
                print("not at its place:", known, best)
        queries = [known["sentence"] for known in chance.sample(truth, min(60, len(truth)))]
        queries += [" ".join(chance.choices(corpus.words, k=chance.randint(1, 4))) for _ in range(60)]
        for query in queries:
            for hit in site.search(query, 10):
                hits += 1
                path, text = opened(site.folder, hit)
                if not holds(text, hit["snippet"]):
                    wrong += 1
                    print("the place does not hold the words:", query, hit, repr(text[:300]))
        return hits, wrong, len(truth), right
    finally:
        site.end()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("build")
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--files", type=int, default=200)
    options = options.parse_args()
    hits, wrong, known, right = check(options.build, options.seed, options.files, 10_000)
    print(f"citations: {hits} hits opened, {wrong} wrong; {right} of {known} known sentences found first and at their place")
    sys.exit(0 if wrong == 0 and right == known else 1)
