#!/usr/bin/python3
"""edits.py BUILD [--rounds N] [--seed S]: adds, changes, moves, touches, removes and breaks files at random. After each sync the passages and the
answers must equal those of a new knowledge.db."""
import argparse
import os
import random
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus  # noqa: E402
import docsite  # noqa: E402


def passages(database):
    """Returns all passages, except those of documents whose file has changed: a new knowledge.db does not have them."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        db.execute("SELECT 1 FROM kb_documents")
        return db.execute("""SELECT d.source, d.path, d.type, d.title, c.position, c.heading, c.body, c.line_from, c.line_to, c.page, c.fragment
            FROM kb_chunks c JOIN kb_documents d ON d.id = c.document WHERE d.stale_since IS NULL ORDER BY d.source, d.path, c.position""").fetchall()


def stale(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM kb_documents WHERE stale_since IS NOT NULL").fetchone()[0]


class Editor:
    def __init__(self, site, seed):
        self.site, self.random, self.maker, self.next = site, random.Random(seed), corpus.Maker(seed), 0

    def files(self):
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.site.folder) for name in names)

    def content(self, path):
        made = {"md": self.maker.markdown, "txt": self.maker.plain, "html": self.maker.html, "pdf": self.maker.pdf}[path.rsplit(".", 1)[1]]()[0]
        return made if isinstance(made, bytes) else made.encode()

    def path(self):
        self.next += 1
        folder = f"{self.site.folder}/{self.random.choice(('', 'a/', 'b c/', 'd/e/'))}"
        os.makedirs(folder, exist_ok=True)
        return f"{folder}n{self.next}.{self.random.choice(('md', 'md', 'txt', 'html', 'pdf'))}"

    def write(self, path, content):
        with open(path, "wb") as file:
            file.write(content)

    def step(self):
        files = self.files()
        act = self.random.choice(("add", "add", "change", "change", "move", "touch", "remove", "break", "swap")) if len(files) > 3 else "add"
        if act == "add":
            path = self.path()
            return self.write(path, self.content(path))
        path = self.random.choice(files)
        if act == "change":
            self.write(path, self.content(path))
        elif act == "move":
            to = self.path()
            os.rename(path, to if to.rsplit(".")[-1] == path.rsplit(".")[-1] else to.rsplit(".", 1)[0] + "." + path.rsplit(".", 1)[1])
        elif act == "touch":
            os.utime(path)
        elif act == "remove":
            os.unlink(path)
        elif act == "break":
            self.write(path, bytes(self.random.randrange(32) for _ in range(300)))
        else:
            other = self.random.choice(files)
            if other != path and other.rsplit(".")[-1] == path.rsplit(".")[-1]:
                os.rename(path, path + ".x")
                os.rename(other, path)
                os.rename(path + ".x", other)


def check(build, rounds, seed):
    """Returns (rounds that were equal, syncs that kept texts of earlier files)."""
    site = docsite.DocSite(build)
    equal = kept = 0
    try:
        editor = Editor(site, seed)
        for _ in range(rounds):
            for _ in range(editor.random.randint(1, 4)):
                editor.step()
            site.sync(codes=(0, 1))
            fresh = site.new_store()
            site.sync(store=fresh, codes=(0, 1))
            one, other = passages(site.database()), passages(site.database(fresh))
            assert one == other, [row for row in one if row not in other][:2] + [row for row in other if row not in one][:2]
            if stale(site.database()):
                kept += 1
            else:
                for _ in range(2):
                    query = " ".join(editor.random.choices(corpus.words, k=editor.random.randint(1, 4)))
                    assert site.search(query) == site.search(query, store=fresh), query
            equal += 1
            for name in os.listdir(fresh):
                os.unlink(f"{fresh}/{name}")
        return equal, kept
    finally:
        site.end()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("build")
    options.add_argument("--rounds", type=int, default=500)
    options.add_argument("--seed", type=int, default=3)
    options = options.parse_args()
    equal, kept = check(options.build, options.rounds, options.seed)
    print(f"edits: {equal} of {options.rounds} rounds equal to one made from nothing ({kept} with the last text of a broken file)")
