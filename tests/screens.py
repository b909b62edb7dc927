"""Make the pictures of docs/explore.md anew: `python tests/screens.py`, with Java, Maven and Chromium.

`--home DIR` keeps the server's data, so that a second run is fast.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import sandhaven
from neo4j_browser import Browser, opened

from graphmem import Memory
from graphmem.browser import FAVOURITES, STYLE, THEMES, questions, write_kit

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
LAUNCHER = ROOT / "docker" / "neo4j.py"
QUESTION = "Where was the engineer born who built the clock tower of Sandhaven?"
DRAWN = ("entity", "session", "happened")


def shoot(browser: Browser, name: str) -> None:
    """Take a picture of what the window shows, once it stands still."""
    browser.settle()
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(browser.picture())


def draw(browser: Browser, name: str, query: str) -> None:
    """Take a picture of an answer that fills the window."""
    browser.run(query)
    browser.click("[data-testid=frame] [title=Fullscreen]")
    browser.click("[title='Collapse the node properties display']")
    browser.settle()
    browser.click("[aria-label=zoom-to-fit]")
    shoot(browser, name)
    browser.click("[data-testid=frame] [title='Close fullscreen']")


def screens(page: str, address: str, password: str, group_id: str) -> None:
    """Take all pictures."""
    saved = {question.name: question for question in questions()}
    with Memory(address, group_id=group_id) as memory:
        if not memory.stats().revision:
            sandhaven.tell(memory)
        [hit] = memory.search(QUESTION, kinds=("fact",), top_k=1, explain=True)
    with opened(page, user="neo4j", password=password) as browser, tempfile.TemporaryDirectory() as folder:
        write_kit(folder, group_id=group_id)
        browser.drop(Path(folder, STYLE))
        browser.until(lambda: "node.Entity" in browser.text("[data-testid=stream]"), "style")
        for name in DRAWN:
            draw(browser, name, saved[name].favourite(group_id=group_id))
        draw(browser, "path", hit.cypher)
        browser.run(saved["connection"].favourite(group_id=group_id))
        browser.drop(Path(folder, FAVOURITES))
        browser.click("[data-testid=navigationFavorites]")
        browser.click(f"[data-testid='expandFolder-graphmem, {next(iter(THEMES))}']")
        shoot(browser, "favourites")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, help="the data folder of the server, kept; else a temporary one")
    home = parser.parse_args().home
    password = os.environ.setdefault("NEO4J_PASSWORD", "only for pictures")
    with tempfile.TemporaryDirectory() as temporary:
        server = [sys.executable, str(LAUNCHER)]
        where = ["--home", str(home or temporary)]
        subprocess.run([*server, "start", *where, "--port", "0", "--http-port", "0"], check=True)
        try:
            state = json.loads(Path(where[1], "server.json").read_text("utf-8"))
            screens(state["browser"], state["uri"], password, "default")
        finally:
            subprocess.run([*server, "stop", *where], check=True)


if __name__ == "__main__":
    main()
