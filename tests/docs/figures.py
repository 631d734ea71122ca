#!/usr/bin/python3
"""figures.py BUILD: prints times and bytes of syncs and searches, beside the goals. Nothing here fails."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corpus  # noqa: E402
import docsite  # noqa: E402


def seconds(call):
    begin = time.monotonic()
    call()
    return time.monotonic() - begin


def written(site):
    """Returns the bytes that a sync sent to the storage layer, by the kernel's count."""
    child = subprocess.Popen(["/bin/sh", "-c", 'read _; exec "$@"', "sh", *site.command("sync")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    path, last = f"/proc/{child.pid}/io", 0
    child.stdin.write(b"\n")
    child.stdin.close()
    while child.poll() is None:
        try:
            with open(path) as file:
                counts = dict(re.findall(r"(\w+): (\d+)", file.read()))
                last = int(counts.get("write_bytes", last)) - int(counts.get("cancelled_write_bytes", 0))
        except OSError:
            pass
    return last


def search_times(site, count):
    """Returns (median, p99) in ms for searches in one process, through the tool."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "agent"))
    import mcp_client
    client = mcp_client.Client([site.agent, "mcp", "--config", f"{site.store}/agent.yaml"], mcp_client.legacy)
    tool = next(tool for tool in client.ask("tools/list")["tools"] if tool["name"] == "search_documents")
    took = []
    for i in range(count):
        query = " ".join(corpus.words[(i * k) % len(corpus.words)] for k in (1, 3, 7)[:1 + i % 3])
        begin = time.monotonic()
        answer, error = client.call(tool, {"query": query})
        took.append(time.monotonic() - begin)
        assert answer and answer["hits"], error
    client.end()
    took = sorted(took[5:])
    return took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000


def show(build):
    site = docsite.DocSite(build)
    try:
        print(f"sync of the manual: {seconds(lambda: site.run('sync', 'manual')):.2f} s (goal 0.2 s)")
        maker, size, number = corpus.Maker(5), 0, 0
        while size < 7_000_000:
            text = "".join(maker.markdown()[0] for _ in range(10))
            number += 1
            with open(f"{site.folder}/m{number}.md", "w") as file:
                size += file.write(text)
        took = seconds(site.sync)
        print(f"sync of {size / 1e6:.1f} MB of Markdown in {number} files: {took:.2f} s (goal 1 s), "
              f"{sum(it['passages'] for it in site.run('list'))} passages, knowledge.db {os.path.getsize(site.database()) / 1e6:.1f} MB")
        site.sync()
        print(f"bytes written by a sync with nothing to do: {written(site)} (goal 0)")
        print("search: median {:.1f} ms, p99 {:.1f} ms (goal 20 ms)".format(*search_times(site, 105)))  # a client may make 120 calls a minute
        with open(f"{site.folder}/big.pdf", "wb") as file:
            file.write(docsite.pdf_of([[maker.text(8, 12) for _ in range(45)] for _ in range(400)]))
        print(f"sync with a new PDF of 400 pages: {seconds(site.sync):.2f} s (goal 3 s)")
    finally:
        site.end()


if __name__ == "__main__":
    show(sys.argv[1])
