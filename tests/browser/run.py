#!/usr/bin/env python3
"""run.py BUILD [--screens DIRECTORY] [--axe axe.min.js] [NAME ...]: the browser tests, in this order, or only those named."""
import argparse
import importlib
import signal
import sys
import time
import unittest

import voltsite
import world

order = ("live", "login", "act", "settings", "history", "size", "csp", "axe", "slow", "why", "attack")
named_only = ("many", "long")


class Result(unittest.TextTestResult):
    def startTest(self, test):
        self.begun = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.stream.writeln(f"    {time.monotonic() - self.begun:.1f} s")
        super().stopTest(test)


def case_of(test):
    return getattr(test, "test_case", test).id()


def failed(result):
    return sorted({case_of(test) for test, _ in result.failures + result.errors})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--screens", default=None)
    parser.add_argument("--axe", default=None)
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    world.programs, world.screens, world.axe = voltsite.programs_of(given.build), given.screens, given.axe
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # unittest lets no other exception through: the site and Chromium end
    suite = unittest.TestSuite()
    for name in order + named_only:
        if name in given.names or (not given.names and name in order):
            suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(f"{name}_cases")))
    try:
        result = unittest.TextTestRunner(verbosity=2, resultclass=Result).run(suite)
        run, bad = result.testsRun, failed(result)
        if bad:  # a page drawn a moment late on a busy machine: each runs once more, and its name is printed
            print("failed, each runs once more:", *bad, sep="\n  ")
            again = unittest.defaultTestLoader.loadTestsFromNames(bad)
            bad = failed(unittest.TextTestRunner(verbosity=2, resultclass=Result).run(again))
    finally:
        world.end()
    print(f"{run - len(bad)} passed, {len(bad)} failed")
    sys.exit(len(bad) > 0 or run == 0)


main()
