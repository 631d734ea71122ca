#!/usr/bin/python3
"""kill.py BUILD [--rounds N] [--seed S]: sends SIGKILL during a sync. The file is valid at once, no reader is left, and after the next sync it
equals a new one."""
import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import docsite  # noqa: E402
import edits  # noqa: E402


def sound(database):
    with sqlite3.connect(database) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'kb_fts'").fetchone()[0]:
            db.execute("INSERT INTO kb_fts (kb_fts, rank) VALUES ('integrity-check', 1)")
            # Only whole files: each document has the number of passages in its row.
            assert db.execute("SELECT count(*) FROM kb_documents d WHERE passages <> (SELECT count(*) FROM kb_chunks WHERE document = d.id)").fetchone()[0] == 0


def readers_of(program):
    """Returns the processes that read a document for it."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if len(words) > 1 and words[0] == b"/proc/self/exe" and words[1] == b"extract" and os.path.realpath(f"/proc/{pid}/exe") == program:
            found.append(int(pid))
    return found


def check(build, rounds, seed):
    """Returns (rounds, those killed before their end)."""
    site = docsite.DocSite(build)
    killed = 0
    try:
        editor, chance, took = edits.Editor(site, seed), random.Random(seed), 0.2
        for _ in range(rounds):
            for _ in range(chance.randint(3, 12)):
                editor.step()
            begin = time.monotonic()
            child = subprocess.Popen(site.command("sync"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                child.wait(chance.uniform(0, took))
                took = max(0.1, time.monotonic() - begin)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
                child.wait()
                killed += 1
                took = min(took * 1.2, 5)
            if os.path.exists(site.database()):
                sound(site.database())
            site.sync(codes=(0, 1))
            fresh = site.new_store()
            site.sync(store=fresh, codes=(0, 1))
            assert edits.passages(site.database()) == edits.passages(site.database(fresh))
            sound(site.database())
            for name in os.listdir(fresh):
                os.unlink(f"{fresh}/{name}")
        end = time.monotonic() + 30
        while readers_of(os.path.realpath(site.agent)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not readers_of(os.path.realpath(site.agent))
        return killed
    finally:
        site.end()


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("build")
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--seed", type=int, default=3)
    options = options.parse_args()
    print(f"kill: {options.rounds} rounds sound and equal to one made from nothing, {check(options.build, options.rounds, options.seed)} of them killed before their end")
