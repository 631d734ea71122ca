"""Shared state of the cases: one site, one Chromium. Created at the first use, ended by run.py."""
import unittest

import browser
import voltsite

programs = screens = axe = None
views = ("#/", "#/load/primary-s21-revenue", "#/history?h=24", "#/alarms", "#/settings", "#/settings/battery", "#/settings/miners", "#/settings/zones",
         "#/settings/site", "#/settings/changes", "#/whatif", "#/outputs", "#/sources", "#/system", "#/more", "#/login")
_made = {}
_sessions = {}  # by role: cookie of the first case that signed in


def made(name, make):
    if name not in _made:
        _made[name] = make()
    return _made[name]


def site():
    return made("site", lambda: voltsite.BrowserSite(programs))


def driver():
    return made("driver", browser.start)


def end():
    _sessions.clear()
    if "driver" in _made:
        _made.pop("driver").quit()
    if "site" in _made:
        _made.pop("site").end()


def patience():
    return voltsite.patience


def name_of(view):
    return view.split("?")[0].strip("#/").replace("/", "-") or "now"


def settle(page, view, load=True):
    """Opens a view and waits until it is complete."""
    if load:
        page.open(view)
    elif page.js("return window.location.hash || '#/'") != view:
        page.js("document.querySelector('main [data-state]').setAttribute('data-left', '')")  # the view that is leaving
        page.go(view)
    quiet = "return !document.querySelector('main .skeleton, main [aria-busy=true]') && !!document.querySelector('main [data-state]:not([data-left])')"
    page.until(lambda: page.js(quiet), f"{view} has settled", 30)
    if "history" in view:
        page.until(lambda: page.has(".plot canvas") and page.has(".mark"), "the plots", 30)


class Case(unittest.TestCase):
    """Base of cases that start with a page signed in to operate, and end with a check of the console."""

    role = "operate"
    expect = ()

    def setUp(self):
        self.site = site()
        self.page = browser.Page(driver(), self.site.base, screens)
        self.page.expected = set(map(str, self.expect))
        self.page.leave()
        self.page.sign_out()
        self.page.shape("phone")
        if self.role in _sessions:
            self.page.sign_in_again(_sessions[self.role])
        elif self.role:
            self.page.sign_in(self.site.code(*(("--view",) if self.role == "view" else ())))
            self.page.note(expect=(401,))
            _sessions[self.role] = self.page.driver.get_cookie("voltd_session")["value"]

    def tearDown(self):
        self.page.note()
        self.page.leave()
        with self.subTest(what="console, policy, requests"):
            self.assertEqual(sorted(set(self.page.complaints)), [])
