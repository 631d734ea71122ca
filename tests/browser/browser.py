"""Chromium under Selenium that records every error of the page: console errors, CSP violations, requests to other servers."""
import os
import re

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from voltsite import wait

Keys = Keys
sizes = {"phone": (360, 780), "wide": (1440, 900)}
# Console message of a rejected request. A test that provokes one lists it in `expect`.
refused = re.compile(r"Failed to load resource: the server responded with a status of (\d+)|Failed to load resource: net::ERR_|ERR_CONNECTION|ERR_EMPTY_RESPONSE")


def start(*more, arguments=()):
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", *arguments):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_page_load_timeout(60)
    return driver


class Page:
    """Page of `base` in `driver`."""

    def __init__(self, driver, base, screens=None):
        self.driver, self.base, self.screens = driver, base, screens
        self.complaints = []

    # ---- navigation

    def shape(self, size, scheme="light"):
        width, height = sizes.get(size, size)
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def open(self, view="#/", base=None):
        """Loads a view from scratch."""
        self.note()
        self.driver.get("about:blank")
        self.driver.get((base or self.base) + "/" + view)

    def leave(self):
        """Leaves the current page and drops its remaining errors."""
        self.driver.get("about:blank")
        self.driver.get_log("browser")

    def go(self, view):
        """Switches to another view without a load."""
        self.js("window.location.hash = arguments[0]", view)

    def sign_in(self, code, base=None):
        """Accepts a rejected first poll, which comes before the code was redeemed."""
        self.open("#" + code, base)
        self.until(lambda: "#/login" not in self.driver.current_url and self.state() in ("live", "view-only", "late"), "signed in", 30)
        self.js("const close = document.querySelector('#notice button'); if (close) close.click()")  # it covers the end of a view

    def sign_in_again(self, session):
        """Signs in with the cookie of an earlier sign-in."""
        self.cdp("Network.setCookie", url=self.base, name="voltd_session", value=session, httpOnly=True, sameSite="Strict")
        self.open()
        self.until(lambda: self.state() in ("live", "view-only", "late"), "live by an earlier session", 30)

    def sign_out(self):
        self.cdp("Network.clearBrowserCookies")  # Selenium's own way leaves them if the current page is another's

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, condition, what, seconds=20):
        def calm():
            try:
                return condition()
            except (NoSuchElementException, StaleElementReferenceException):
                return None
        try:
            return wait(calm, what, seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}; the page is at {self.driver.current_url}, state {self.state()}: {self.text('body')[:600]}") from None

    def drawn(self):
        """Waits until the new size is drawn."""
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));")

    # ---- reading

    def state(self):
        return self.js("const v = document.querySelector('main [data-state]'); return v ? v.getAttribute('data-state') : null")

    def all(self, css):
        return [node for node in self.driver.find_elements(By.CSS_SELECTOR, css) if node.is_displayed()]

    def one(self, css):
        found = self.all(css)
        if not found:
            raise NoSuchElementException(css)
        return found[0]

    def has(self, css):
        return bool(self.all(css))

    def text(self, css):
        return self.js("const n = document.querySelector(arguments[0]); return n ? n.innerText : ''", css)

    def says(self, words, css="body"):
        return words in self.text(css).replace("\u00a0", " ")

    def button(self, label, within="body"):
        for node in self.all(f"{within} button, {within} a, {within} summary, {within} [role=button]"):
            if label in (node.text.replace("\u00a0", " "), node.get_attribute("aria-label")) or (label.endswith("…") and node.text.startswith(label[:-1])):
                return node
        raise NoSuchElementException(f"button {label}")

    def press(self, label, within="body", seconds=20):
        node = self.until(lambda: self.button(label, within), f"a button “{label}”", seconds)
        self.until(node.is_enabled, f"“{label}” is enabled", seconds)
        self.click(node)

    def click(self, node):
        """Clicks where no bar covers it."""
        self.js("arguments[0].scrollIntoView({block: 'center'})", node)
        node.click()

    # ---- forbidden events

    def note(self, expect=()):
        """Collects console errors. A rejected request is one unless its status is in `expect`."""
        for entry in self.driver.get_log("browser"):
            message = entry["message"]
            found = refused.search(message)
            if found and (found.group(1) or "0") in self.expected | set(map(str, expect)):
                continue
            if "icon from the Manifest" in message and "0" in self.expected:
                continue
            if entry["level"] in ("SEVERE", "WARNING") or "Content Security Policy" in message:
                self.complaints.append(message[:400])
        try:
            places = self.js("return performance.getEntriesByType('resource').map(e => e.name)")
        except WebDriverException:
            places = []
        own = (self.base, "data:", "blob:", "chrome", "about:")
        self.complaints += [f"a request elsewhere: {place}" for place in places if not place.startswith(own) and not place.startswith(tuple(self.others))]

    expected = set()
    others = ()

    # ---- pictures

    def picture(self, name):
        if not self.screens:
            return
        width, height = self.js("return [window.innerWidth, Math.min(4000, Math.max(window.innerHeight, document.documentElement.scrollHeight))]")
        old = self.js("return window.innerHeight")
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        os.makedirs(self.screens, exist_ok=True)
        self.driver.save_screenshot(f"{self.screens}/{name}.png")
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=old, deviceScaleFactor=1, mobile=False)
