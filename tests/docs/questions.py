#!/usr/bin/python3
"""questions.py BUILD [--documents FOLDER] [--questions FILE] [--misses]: counts questions with the right passage first, and among the first five.

FILE (default: questions.tsv here) has one question per line, followed by tab-separated columns: the document (`site/inverter.pdf`; without a
slash a manual page: `alarms`, `voltctl.1`), and words that occur in the right passage or its headings, exactly except for case and blanks. ` || `
separates several right places in both columns. Lines that begin with # are skipped. --misses also lists rows whose words occur nowhere in the
document."""
import argparse
import contextlib
import os
import re
import sqlite3
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import docsite  # noqa: E402


def plain(text):
    return " ".join(text.lower().split())


def place(document):
    document = document.strip()
    return document if "/" in document else f"manual/{document.removesuffix('.md')}.md"


def questions(path):
    """Returns [(question, [(document, words)])]."""
    found = []
    with open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or line.startswith("#"):
                continue
            columns = line.rstrip("\n").split("\t")
            assert len(columns) == 3, f"{path}:{number}: three columns, separated by tabs"
            documents, words = (column.split(" || ") for column in columns[1:])
            documents = documents * len(words) if len(documents) == 1 else documents
            assert len(documents) == len(words), f"{path}:{number}: as many documents as words"
            found.append((columns[0], [(place(document), plain(it)) for document, it in zip(documents, words)]))
    return found


def rank_of(site, question, right):
    """Returns the number of the first right hit from 1, or 0 for none of five."""
    for number, hit in enumerate(site.search(question, 5, source=""), 1):
        part = site.run("show", hit["place"])["parts"][0]
        text = plain(part["heading"] + " " + part["text"])
        if any(hit["place"].startswith(document) and words in text for document, words in right):
            return number
    return 0


def stands_somewhere(passages, right):
    """Returns true if one of the places is a passage at all."""
    return any(place.startswith(document) and words in text for document, words in right for place, text in passages)


def passages_of(site):
    """Returns [(place, text)] of everything searched, without the questions of the manual."""
    with contextlib.closing(sqlite3.connect(site.database())) as rows:
        found = rows.execute("SELECT d.source || '/' || d.path, c.heading, c.body FROM kb_chunks AS c JOIN kb_documents AS d ON d.id = c.document")
        return [(at, plain(heading + " " + re.sub("^Answers: .*$", "", body, flags=re.MULTILINE))) for at, heading, body in found]


def check(build, folder=None, misses=False, path=f"{here}/questions.tsv"):
    """Returns (questions, right first, right among five). No questions means that there is no file."""
    if not os.path.exists(path):
        return 0, 0, 0
    site = docsite.DocSite(build)
    try:
        if folder:
            os.rmdir(site.folder)
            os.symlink(os.path.abspath(folder), site.folder)
        site.sync(codes=(0, 1))
        ranks, passages = [], passages_of(site)
        for question, right in questions(path):
            if not folder and all(not document.startswith("manual/") for document, _ in right):
                continue
            ranks.append(rank_of(site, question, right))
            if misses and not stands_somewhere(passages, right):
                print(f"stands nowhere: {question}: {right}")
            if misses and ranks[-1] != 1:
                print(f"{ranks[-1] or 'none'}: {question}: {[hit['place'] for hit in site.search(question, 5, source='')]}")
        return len(ranks), sum(rank == 1 for rank in ranks), sum(rank > 0 for rank in ranks)
    finally:
        site.end()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("build")
    options.add_argument("--documents")
    options.add_argument("--questions", default=f"{here}/questions.tsv")
    options.add_argument("--misses", action="store_true")
    options = options.parse_args()
    asked, first, five = check(options.build, options.documents, options.misses, options.questions)
    print(f"questions: {asked}, hit@1 {first}, hit@5 {five}" if asked else f"questions: there is no {options.questions}")
