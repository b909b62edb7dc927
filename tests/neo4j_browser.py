"""The real Neo4j Browser in a headless Chromium, as a person uses it: log in, ask, drop files, look."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

SECONDS = 60
T = TypeVar("T")
DROP = """
const transfer = new DataTransfer();
transfer.items.add(arguments[0].files[0]);
const target = document.querySelector('[data-testid=main]');
for (const kind of ['dragenter', 'dragover', 'drop'])
  target.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
arguments[0].remove();
"""
INPUT = "const input = document.createElement('input'); input.type = 'file'; document.body.append(input); return input;"
PLACES = "return [...document.querySelectorAll('svg .node')].map(node => node.getAttribute('transform')).join()"


def missing() -> list[str]:
    """Name the programs that are not here."""
    found = {"chromium": chromium(), "chromedriver": shutil.which("chromedriver")}
    return [name for name, path in found.items() if not path]


def chromium() -> str | None:
    """Give the path of the system's Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One window, logged in to one server."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def until(self, condition: Callable[[], T]) -> T:
        """Wait for a condition, and give what it gives."""
        wait = WebDriverWait(self.driver, SECONDS, 0.1, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(lambda _: condition())

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """Wait for the first element."""
        return self.until(lambda: self.all(selector))[0]

    def log_in(self, page: str, user: str, password: str) -> None:
        self.driver.get(page)
        self.one("[data-testid=username]").send_keys(user)
        self.one("[data-testid=password]").send_keys(password)
        self.one("[data-testid=connect]").click()
        self.until(lambda: "You are connected as" in self.text("body"))

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def run(self, query: str) -> WebElement:
        """Run what one would paste, alone on the page, and give the frame with its answer."""
        self._send(":clear")
        self.until(lambda: not self.all("[data-testid=frame]"))
        self._send(query)
        return self.until(self._answer)

    def _send(self, text: str) -> None:
        self.one("[data-testid=activeEditor] textarea").send_keys(Keys.CONTROL + "a")
        self.driver.execute_cdp_cmd("Input.insertText", {"text": text})
        self.one("[data-testid=editor-Run]").click()

    def _answer(self) -> WebElement | None:
        found = self.all(
            "[data-testid=frame] svg .node text, [data-testid=frame] [role=table], [data-testid=frame] table,"
            "[data-testid=multi-statement-list], [data-testid=frameStatusbar] svg"
        )
        return self.all("[data-testid=frame]")[0] if found else None

    def captions(self) -> set[str]:
        """Give what stands on nodes and relationships, as it is spelled there."""
        return {" ".join(element.text.split()) for element in self.all("svg .node, svg .relationship")}

    def drop(self, file: Path) -> None:
        """Drop a file on the page."""
        chosen = self.driver.execute_script(INPUT)
        chosen.send_keys(str(file))
        self.driver.execute_script(DROP, chosen)

    def settle(self) -> None:
        """Wait until the picture stands still."""
        places = [""]

        def still() -> bool:
            places.append(self.driver.execute_script(PLACES))
            return places[-1] == places[-2]

        WebDriverWait(self.driver, SECONDS, 0.4).until(lambda _: still())


@contextmanager
def opened(page: str, *, user: str, password: str, size: tuple[int, int] = (1400, 900)) -> Iterator[Browser]:
    """Open Neo4j Browser, which sees this machine and nothing else."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium() or ""
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        f"--window-size={size[0]},{size[1]}",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        browser = Browser(driver)
        browser.log_in(page, user, password)
        yield browser
    finally:
        driver.quit()
