"""Folder of documents with volt-agent for the tests in this directory; and documents of each type made from lines or pages."""
import json
import os
import shutil
import subprocess
import tempfile


class DocSite:
    """Documents in `folder`, knowledge.db in `store`. end() removes all of it."""

    def __init__(self, build, limits="{}"):
        self.top = tempfile.mkdtemp(prefix="volt-docs-")
        self.agent = os.path.abspath(f"{build}/volt-agent")
        self.folder, self.limits = f"{self.top}/site", limits
        os.mkdir(self.folder)
        self.stores = 0
        self.store = self.new_store()

    def new_store(self):
        """Returns a directory for a new knowledge.db."""
        self.stores += 1
        store = f"{self.top}/store{self.stores}"
        os.mkdir(store)
        with open(f"{store}/agent.yaml", "w") as file:
            file.write(f"store: {store}\ndocuments: [{{ id: site, path: {self.folder} }}]\ndocuments_limits: {self.limits}\n")
        return store

    def command(self, *words, store=None):
        return [self.agent, "docs", "--config", f"{store or self.store}/agent.yaml", *words]

    def run(self, *words, store=None, codes=(0,)):
        """Returns the JSON that a command prints."""
        done = subprocess.run(self.command(*words, "--json", store=store), capture_output=True, text=True, timeout=600)
        assert done.returncode in codes, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return json.loads(done.stdout)

    def sync(self, store=None, codes=(0,)):
        """Returns the row of the source `site`."""
        report = self.run("sync", store=store, codes=codes)
        return next((row for row in report["sources"] if row["source"] == "site"), {}), report

    def search(self, query, limit=8, store=None, source="site"):
        return self.run("search", query, "--limit", str(limit), "--source", source, store=store, codes=(0, 1))["hits"]

    def database(self, store=None):
        return f"{store or self.store}/knowledge.db"

    def end(self):
        shutil.rmtree(self.top, ignore_errors=True)


def peak_memory(pid):
    """Returns the maximum kB of a process so far, or 0 if it has ended."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return int(next((line.split()[1] for line in file if line.startswith("VmHWM:")), 0))
    except OSError:
        return 0


def pdf_of(pages):
    """Returns a PDF of pages, each a list of lines in Helvetica."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>",
               f"<< /Type /Pages /Kids [{' '.join(f'{4 + 2 * i} 0 R' for i in range(len(pages)))}] /Count {len(pages)} >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for i, lines in enumerate(pages):
        shown = " ".join(f"({line.translate(str.maketrans({'(': '[', ')': ']', chr(92): '/'}))}) Tj T*" for line in lines)
        text = f"BT /F1 10 Tf 12 TL 40 800 Td {shown} ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out.encode("latin-1")
