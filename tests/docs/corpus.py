#!/usr/bin/python3
"""corpus.py FOLDER [--seed S] [--files N]: creates documents of all types with known sentences at known lines and pages. truth.json beside FOLDER
lists them."""
import argparse
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import docsite  # noqa: E402

words = ("battery inverter relay voltage charge current miner heater fan panel string fuse breaker cable ground meter sensor setting menu "
         "screen button value limit temperature cold night morning cloud array mount roof ladder torque screw terminal lug crimp label").split()


class Maker:
    def __init__(self, seed):
        self.random, self.known = random.Random(seed), 0

    def text(self, least=4, most=14):
        return " ".join(self.random.choices(words, k=self.random.randint(least, most)))

    def sentence(self):
        """Returns a sentence that occurs nowhere else."""
        self.known += 1
        return f"{self.text(2, 5)} zq{self.known:05d}x {self.text(2, 5)}"

    def markdown(self):
        """Returns (text, [(sentence, line)])."""
        lines, truth = ["# " + self.text(2, 4), ""], []
        for _ in range(self.random.randint(2, 8)):
            lines += ["#" * self.random.randint(2, 4) + " " + self.text(1, 3), ""]
            for _ in range(self.random.randint(1, 6)):
                if self.random.random() < 0.3:
                    truth.append((self.sentence(), len(lines) + 1))
                    lines.append(truth[-1][0])
                lines += [self.text() for _ in range(self.random.randint(1, 5))]
                if self.random.random() < 0.15:
                    lines += ["```", "# " + self.text(1, 2), "```"]
                if self.random.random() < 0.15:
                    lines += ["", "| a | b |", "|---|---|"] + [f"| {self.text(1, 3)} | {self.text(1, 3)} |" for _ in range(6)]
                lines.append("")
        return "\n".join(lines) + "\n", truth

    def plain(self):
        lines, truth = [], []
        for _ in range(self.random.randint(2, 8)):
            lines += [self.text(1, 3).upper(), ""] if self.random.random() < 0.5 else [self.text(1, 3), "-----"]
            for _ in range(self.random.randint(1, 5)):
                lines += [self.text() for _ in range(self.random.randint(1, 6))]
                if self.random.random() < 0.4:
                    truth.append((self.sentence(), len(lines) + 1))
                    lines.append(truth[-1][0])
                lines.append("")
        return "\n".join(lines) + "\n", truth

    def html(self):
        """Returns [(sentence, id)], with the nearest id at or above it."""
        parts, truth, mark = [f"<title>{self.text(2, 4)}</title>", "<nav>menu nothing</nav>"], [], ""
        for i in range(self.random.randint(3, 20)):
            name = ""
            if self.random.random() < 0.3:
                mark = f"part{i}"
                name = f' id="{mark}"'
            kind = self.random.choice(("p", "li", "h2", "div"))
            body = self.text()
            if self.random.random() < 0.4:
                body = self.sentence()
                if kind == "h2":
                    kind = "p"
                truth.append((body, mark))
            parts.append(f"<{kind}{name}>{body}</{kind}>")
        return "<html><body>" + "\n".join(parts) + "</body></html>", truth

    def pdf(self):
        pages, truth = [], []
        for number in range(1, self.random.randint(2, 12)):
            lines = ["Handbook", ""]
            for _ in range(self.random.randint(2, 12)):
                lines.append(self.text(4, 8))
                if self.random.random() < 0.3:
                    truth.append((self.sentence(), number))
                    lines.append(truth[-1][0])
                if self.random.random() < 0.3:
                    lines.append("")
            pages.append(lines + ["", f"Page {number}"])
        return docsite.pdf_of(pages), truth


def write(folder, seed, files):
    """Creates them. Returns [{file, sentence, line | page | id}]."""
    maker, truth = Maker(seed), []
    kinds = (("md", maker.markdown, "line"), ("txt", maker.plain, "line"), ("html", maker.html, "id"), ("pdf", maker.pdf, "page"))
    for i in range(files):
        ending, make, place = kinds[i % len(kinds)]
        path = f"{'sub %d/' % (i % 7) if i % 3 == 0 else ''}file{i}.{ending}"
        content, known = make()
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        with open(f"{folder}/{path}", "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        truth += [{"file": path, "sentence": sentence, place: at} for sentence, at in known]
    return truth


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("--seed", type=int, default=3)
    options.add_argument("--files", type=int, default=200)
    options = options.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    truth = write(options.folder, options.seed, options.files)
    with open(f"{options.folder.rstrip('/')}.truth.json", "w") as file:
        json.dump(truth, file)
    print(f"{options.files} files, {len(truth)} known sentences")
