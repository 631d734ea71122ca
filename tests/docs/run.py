#!/usr/bin/python3
"""run.py BUILD [--long] [--seed S] [--documents FOLDER]: tests the documents of volt-agent with files of known content, and prints the figures.

--long: the full number of rounds, some hours with sanitizers. --documents: a folder of real documents for questions.py."""
import argparse
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bad  # noqa: E402
import citations  # noqa: E402
import edits  # noqa: E402
import figures  # noqa: E402
import kill  # noqa: E402
import questions  # noqa: E402

options = argparse.ArgumentParser()
options.add_argument("build")
options.add_argument("--long", action="store_true")
options.add_argument("--seed", type=int, default=3)
options.add_argument("--documents")
options = options.parse_args()


class Documents(unittest.TestCase):
    def test_1_finds_the_words_at_each_place(self):
        hits, wrong, known, right = citations.check(options.build, options.seed, 200, 10_000 if options.long else 60)
        print(f"citations: {hits} hits opened, {wrong} wrong; {right} of {known} known sentences found first and at their place", flush=True)
        self.assertEqual((wrong, right), (0, known))
        self.assertGreater(hits, 500)

    def test_2_syncs_edits_like_a_new_database(self):
        rounds = 500 if options.long else 15
        equal, kept = edits.check(options.build, rounds, options.seed)
        print(f"edits: {equal} of {rounds} rounds equal to one made from nothing ({kept} with the last text of a broken file)", flush=True)

    def test_3_keeps_files_whole_when_a_sync_is_killed(self):
        rounds = 200 if options.long else 10
        killed = kill.check(options.build, rounds, options.seed)
        print(f"kill: {rounds} rounds sound and equal to one made from nothing, {killed} of them killed before their end", flush=True)
        self.assertGreater(killed, 0)

    def test_4_rejects_bad_files_and_names(self):
        count, peak = bad.check(options.build)
        print(f"bad: {count} files and names, each with what became of it; parent at most {peak} kB (goal 40,960 without sanitizers)", flush=True)

    def test_5_finds_passages_for_questions(self):
        asked, first, five = questions.check(options.build, options.documents)
        print(f"questions: {asked}, hit@1 {first}, hit@5 {five} (goal 85 %)" if asked else "questions: there is no questions.tsv", flush=True)

    def test_6_prints_figures(self):
        figures.show(options.build)


result = unittest.TextTestRunner(verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Documents))
print(f"{result.testsRun - len(result.failures) - len(result.errors)} passed, {len(result.failures) + len(result.errors)} failed")
sys.exit(0 if result.wasSuccessful() else 1)
