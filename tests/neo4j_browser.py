"""The real Neo4j Browser in a headless Chromium, as a person uses it: log in, ask, drop files, look.

Chromium is driven by its own chromedriver, in the few words of the WebDriver protocol that are needed.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

SECONDS = 90
T = TypeVar("T")
Element = dict[str, str]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
CONTROL = "\ue009"
SHOWN = "const seen = document.querySelector(arguments[0]); return seen ? seen.innerText : ''"
COUNT = "return document.querySelectorAll(arguments[0]).length"
CAPTIONS = """
return [...document.querySelectorAll('svg .node, svg .relationship')].map(
  drawn => [...drawn.querySelectorAll('text')].map(line => line.textContent.trim()).filter(Boolean).join(' '))
"""
PLACES = "return [...document.querySelectorAll('svg .node')].map(node => node.getAttribute('transform')).join()"
NEWEST = (
    "const frame = document.querySelector('[data-testid=frame]'); return frame && frame.querySelector(arguments[0])"
)
MARK = "document.querySelectorAll('[data-testid=frame]').forEach(frame => frame.dataset.old = true)"
FRESH = "const frame = document.querySelector('[data-testid=frame]'); return frame && !frame.dataset.old"
ANSWERS = "svg .node text, table, [role=table], pre, [data-testid=multi-statement-list], .slide"
CHOOSE = """
const leaves = [...document.querySelectorAll('*')].filter(one => !one.children.length);
const found = leaves.find(one => one.textContent.trim() == arguments[0]);
if (found) found.click();
return Boolean(found);
"""
INPUT = "const input = document.createElement('input'); input.type = 'file'; document.body.append(input); return input;"
DROP = """
const transfer = new DataTransfer();
transfer.items.add(arguments[0].files[0]);
const target = document.querySelector('[data-testid=main]');
for (const kind of ['dragenter', 'dragover', 'drop'])
  target.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
arguments[0].remove();
"""


def chromium() -> str | None:
    """Give the path of the system's Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def missing() -> list[str]:
    """Name the programs that are not here."""
    found = {"chromium": chromium(), "chromedriver": shutil.which("chromedriver")}
    return [name for name, path in found.items() if not path]


class DriverError(Exception):
    """What chromedriver refused, and why."""


def send(url: str, body: object | None = None, *, method: str = "POST") -> Any:
    """Send one command of the WebDriver protocol and give its value."""
    data = json.dumps({} if body is None else body).encode() if method == "POST" else None
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        with error:
            raise DriverError(json.load(error)["value"]["message"].partition("\n")[0]) from None


class Browser:
    """One window."""

    def __init__(self, session: str) -> None:
        self._session = session

    def js(self, script: str, *arguments: object) -> Any:
        return send(f"{self._session}/execute/sync", {"script": script, "args": arguments})

    def until(self, condition: Callable[[], T], what: str) -> T:
        """Wait for a condition, and give what it gives."""
        end = time.monotonic() + SECONDS
        while not (found := condition()):
            assert time.monotonic() < end, f"no {what} within {SECONDS} s; the page says:\n{self.text('body')}"
            time.sleep(0.1)
        return found

    def one(self, selector: str) -> Element:
        """Wait for the first element."""
        query = {"using": "css selector", "value": selector}
        return self.until(lambda: send(f"{self._session}/elements", query), selector)[0]

    def text(self, selector: str) -> str:
        return str(self.js(SHOWN, selector))

    def count(self, selector: str) -> int:
        return int(self.js(COUNT, selector))

    def click(self, selector: str) -> None:
        send(f"{self._session}/element/{self.one(selector)[ELEMENT]}/click")

    def type(self, selector: str, text: str) -> None:
        send(f"{self._session}/element/{self.one(selector)[ELEMENT]}/value", {"text": text})

    def log_in(self, page: str, user: str, password: str) -> None:
        send(f"{self._session}/url", {"url": page})
        self.type("[data-testid=username]", user)
        self.type("[data-testid=password]", password)
        self.click("[data-testid=connect]")
        self.until(lambda: "You are connected as" in self.text("body"), "log-in")

    def paste(self, text: str) -> None:
        """Put a text into the editor in place of what is there."""
        self.type("[data-testid=activeEditor] textarea", CONTROL + "a")
        send(f"{self._session}/goog/cdp/execute", {"cmd": "Input.insertText", "params": {"text": text}})

    def run(self, query: str) -> str:
        """Run what one would paste, alone on the page, and give the text of its answer."""
        self.paste(":clear")
        self.click("[data-testid=editor-Run]")
        self.until(lambda: not self.count("[data-testid=frame]"), "empty page")
        self.paste(query)
        return self.start()

    def start(self) -> str:
        """Run what stands in the editor, and give the text of its answer."""
        self.js(MARK)
        self.click("[data-testid=editor-Run]")
        self.until(lambda: self.js(FRESH) and self.js(NEWEST, ANSWERS), "answer")
        return self.text("[data-testid=frame]")

    def choose(self, title: str) -> None:
        """Click on what has this text."""
        self.until(lambda: self.js(CHOOSE, title), title)

    def captions(self) -> set[str]:
        """Give what stands on nodes and relationships."""
        return set(self.js(CAPTIONS))

    def drop(self, file: Path) -> None:
        """Drop a file on the page."""
        chosen = self.js(INPUT)
        send(f"{self._session}/element/{chosen[ELEMENT]}/value", {"text": str(file)})
        self.js(DROP, chosen)

    def settle(self) -> None:
        """Wait until the picture stands still."""
        places = [""]

        def still() -> bool:
            places.append(self.js(PLACES))
            time.sleep(0.3)
            return places[-1] == self.js(PLACES) and places[-1] != ""

        self.until(still, "picture that stands still")

    def picture(self) -> bytes:
        """Give what the window shows, as PNG."""
        return base64.b64decode(send(f"{self._session}/screenshot", method="GET"))


@contextmanager
def opened(page: str, *, user: str, password: str, size: tuple[int, int] = (1280, 860)) -> Iterator[Browser]:
    """Open Neo4j Browser in a window that sees this machine and nothing else, and log in."""
    options = {
        "binary": chromium(),
        "args": [
            *("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            f"--window-size={size[0]},{size[1]}",
        ],
    }
    wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
    with subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        try:
            assert driver.stdout is not None
            port = next(found[1] for line in driver.stdout if (found := re.search(r"successfully on port (\d+)", line)))
            sessions = f"http://127.0.0.1:{port}/session"
            session = f"{sessions}/{send(sessions, wanted)['sessionId']}"
            try:
                browser = Browser(session)
                browser.log_in(page, user, password)
                yield browser
            finally:
                send(session, method="DELETE")
        finally:
            driver.terminate()
