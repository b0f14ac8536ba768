"""A real Chromium that shows a report's page, and what a test asks of it."""

import json
import os
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


class Page:
    """The page in a window of its own; use it with `with`."""

    def __init__(self, path, width=1400, height=1000, dark=False):
        self.address = "file://" + os.path.abspath(path)
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        self.profile = tempfile.TemporaryDirectory()
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.execute_cdp_cmd("Network.enable", {})
        # What the browser's own first tab asks for is not the page's.
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.resize(width, height)
        if dark:
            self.emulate("prefers-color-scheme", "dark")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self.profile.cleanup()

    def open(self, fragment=""):
        """Loads the page and waits until it is drawn; gives the milliseconds that took by the page's own clock."""
        self.driver.get("about:blank")
        self.driver.get(self.address + fragment)
        self.wait("document.documentElement.hasAttribute('data-ready')", "the page is not drawn")
        return self.run("return Number(document.documentElement.getAttribute('data-ready'))")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, complaint, limit=60):
        end = time.monotonic() + limit
        while not self.run(f"return !!({condition})"):
            if time.monotonic() > end:
                raise AssertionError(complaint)
            time.sleep(0.02)

    def settled(self):
        """Waits for what the page draws in its next frame."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));")

    def resize(self, width, height=1000):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def emulate(self, feature, value):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": feature, "value": value}]})

    def key(self, name, code=None):
        """Presses a key in whatever has the focus."""
        for kind in ("rawKeyDown", "keyUp"):
            self.driver.execute_cdp_cmd(
                "Input.dispatchKeyEvent",
                {"type": kind, "key": name, "code": code or name, "windowsVirtualKeyCode": KEYS.get(name, 0)})
        self.settled()

    def fragment(self):
        return self.run("return Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")

    def type(self, label, text):
        """Puts a text into the filter of that label, and waits until the table has followed."""
        self.run(
            """
            const label = [...document.querySelectorAll('.filters label')].find(one => one.firstChild.textContent === arguments[0]);
            const input = label.querySelector('input, select');
            input.value = arguments[1];
            input.dispatchEvent(new Event(input.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
            """, label, text)
        self.driver.execute_async_script("setTimeout(arguments[0], 200)")
        self.settled()

    def count(self):
        """How many events the table says that it shows."""
        return int(self.run("return document.querySelector('#events [role=status]').textContent").split(" ")[0].replace(",", ""))

    def requests(self):
        """The addresses that were asked for since the last time, but for the page's own."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                address = message["params"]["request"]["url"]
                if not address.startswith(self.address) and address != "about:blank":
                    found.append(address)
        return found

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]


KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
        "ArrowDown": 40}
