#!/usr/bin/python3
"""bad.py BUILD: tests bad PDFs, HTML and names beside one good file: each is listed with a reason, none ends the sync, no reader is left, and the
parent remains small."""
import os
import re
import socket
import subprocess
import sys
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import docsite  # noqa: E402
import kill  # noqa: E402


def bomb():
    """Returns a page whose stream of 300 MB is compressed twice into a few hundred bytes."""
    stream = zlib.compress(zlib.compress(b"(x) Tj " * (40 * 1024 * 1024), 9), 9)
    head = (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
            b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
            b"4 0 obj\n<< /Filter [/FlateDecode /FlateDecode] /Length " + str(len(stream)).encode() + b" >>\nstream\n")
    return head + stream + b"\nendstream\nendobj\ntrailer << /Root 1 0 R /Size 5 >>\n%%EOF\n"


def pdfs():
    good = docsite.pdf_of([["page one"], ["page two"]])
    return {
        "garbage.pdf": os.urandom(5000), "cut.pdf": good[:len(good) // 8], "nothing.pdf": b"", "head.pdf": b"%PDF-1.7\n", "text.pdf": b"only text\n" * 100,
        "pages.pdf": docsite.pdf_of([["p"]] * 1200), "bomb.pdf": bomb(),
        "loop.pdf": re.sub(rb"/Kids \[.*?\]", b"/Kids [2 0 R 2 0 R]", good),
        "encrypted.pdf": good.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O (" + b"o" * 32 + b") /U (" + b"u" * 32 + b") /P -4 >>"),
        "self.pdf": good.replace(b"/Contents 5 0 R", b"/Contents 4 0 R"),
    }


def pages():
    return {
        "nested.html": b"<div>" * 1_000_000, "line.html": b"<p>" + b"x y " * 4_900_000, "tags.html": b"<b>x</b>" * 2_400_000,
        "lies.html": b"<meta charset=utf-16><p>\xff\xf6 text", "entity.html": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e; text",
        "laughs.html": b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><p>" + b"&b;" * 1000, "open.html": b"<" * 1_000_000,
        "zero.html": b"\0" * 100_000, "table.html": b"<table><tr><td>" * 100_000, "attributes.html": b"<p " + b"a=b " * 500_000 + b">text",
    }


def names(folder):
    """Creates entries that are not plain files with plain names. Returns their number."""
    for name in (b"new\nline.md", b"\xff\xfe.md", b"\x1b[2J.md", b"tab\t.md", b"bell\x07.txt"):
        with open(folder.encode() + b"/" + name, "w") as file:
            file.write("text")
    os.symlink("/etc/passwd", f"{folder}/passwd.txt")
    os.symlink("/etc", f"{folder}/etc")
    os.symlink("loop", f"{folder}/loop")
    os.mkfifo(f"{folder}/fifo.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket.txt")
    return 10


def check(build):
    site = docsite.DocSite(build)
    try:
        files = {**pdfs(), **pages(), "good.md": b"# Good\n\nthe good one\n"}
        for name, content in files.items():
            with open(f"{site.folder}/{name}", "wb") as file:
                file.write(content)
        bad_names = names(site.folder)
        child, peak = subprocess.Popen(site.command("sync"), stdout=subprocess.DEVNULL), 0
        while child.poll() is None:
            peak = max(peak, docsite.peak_memory(child.pid))
            time.sleep(0.01)
        assert child.returncode == 1, child.returncode
        row = next(it for it in site.run("history") if it["source"] == "site")
        items = {item["path"]: item for item in site.run("history", str(row["id"]))["items"]}
        for item in items.values():
            print(f"  {item['action']:<8} {item['path']}: {item['reason']}")
        known = {it["path"]: it for it in site.run("list")}
        for name in files:
            assert name in items, (name, items)
        for name in pdfs():
            assert items[name]["action"] in ("failed", "empty", "added") and (items[name]["action"] == "added" or items[name]["reason"]), items[name]
        for name in ("garbage.pdf", "cut.pdf", "nothing.pdf", "head.pdf", "text.pdf", "pages.pdf"):
            assert items[name]["action"] == "failed" and items[name]["reason"], items[name]
        for name, remedy in (("encrypted.pdf", "qpdf --decrypt in.pdf out.pdf"), ("pages.pdf", "documents_limits.pages"), ("text.pdf", "save it anew")):
            assert remedy in items[name]["remedy"], items[name]
        checked = {it["place"]: it for it in site.run("check", codes=(1,))}
        for name, item in items.items():
            assert item["action"] == "added" or checked[f"site/{name}"]["remedy"] == item["remedy"], (item, checked)
        refused = [item for item in items.values() if item["action"] == "skipped" and item["path"] not in files]
        assert len(refused) == bad_names, refused
        assert all(re.fullmatch(r"[ -~]+", item["path"]) for item in refused), refused
        assert known["good.md"]["passages"] == 1 and site.search("good")[0]["place"] == "site/good.md:3-3"
        assert not site.search('"root x 0 0"')  # a phrase, because other files contain an x
        assert not kill.readers_of(os.path.realpath(site.agent))
        return len(items), peak
    finally:
        site.end()


if __name__ == "__main__":
    count, peak = check(sys.argv[1])
    print(f"bad: {count} files and names, each with what became of it; parent at most {peak} kB")
