"""The kit for Neo4j Browser, and the real Neo4j Browser with it."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import neo4j_browser as real
import pytest
from click.testing import CliRunner, Result

from graphmem import Memory
from graphmem.browser import FAVOURITES, GUIDE, STYLE, THEMES, Question, kit, questions, write_kit
from graphmem.cli import main
from graphmem.store.cypher import FOLDER
from graphmem.store.neo4j.rows import LABELS

SAVED = {saved.name: saved for saved in questions()}


def graphmem(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["browser", *arguments])


class TestTheKit:
    def test_is_written_again_without_a_word_unless_somebody_changed_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "made" / "for it"
        said = graphmem("--out", str(folder))
        assert said.exit_code == 0
        assert sorted(os.listdir(folder)) == sorted([FAVOURITES, GUIDE, STYLE])
        assert all(name in said.output for name in os.listdir(folder))
        assert graphmem("--out", str(folder)).exit_code == 0
        (folder / STYLE).write_text("node { color: red; }")
        refused = graphmem("--out", str(folder))
        assert refused.exit_code == 1
        assert (
            refused.output == f"Error: {folder} has another {STYLE}: use --force to overwrite, or name another folder\n"
        )
        assert (folder / STYLE).read_text() == "node { color: red; }"
        assert graphmem("--out", str(folder), "--force").exit_code == 0
        assert {name: (folder / name).read_bytes() for name in os.listdir(folder)} == kit()

    def test_is_not_written_where_a_file_is_in_the_way(self, tmp_path: Path) -> None:
        (tmp_path / "taken").touch()
        refused = graphmem("--out", str(tmp_path / "taken"))
        assert refused.exit_code == 1
        assert refused.output.startswith(f"Error: the folder {tmp_path / 'taken'} cannot be written (")

    def test_needs_no_memory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert graphmem("--store", "bolt://127.0.0.1:1").exit_code == 0
        assert graphmem("--out", "kit").exit_code == 0
        assert os.listdir() == ["kit"]

    def test_asks_about_the_tenant_that_is_named(self, tmp_path: Path) -> None:
        assert graphmem("--out", str(tmp_path), "--group", "it's ours").exit_code == 0
        with zipfile.ZipFile(tmp_path / FAVOURITES) as archive:
            texts = [archive.read(name).decode() for name in archive.namelist() if not name.endswith("/path.cypher")]
        assert texts
        assert all("\nWITH 'it\\'s ours' AS group_id" in text for text in texts)

    def test_lists_the_questions_for_people_and_programs(self) -> None:
        for_people = graphmem().output
        for_programs = json.loads(graphmem("--json").output)
        assert len(for_programs) >= 24
        assert all(one["name"] in for_people and one["answers"] in for_people for one in for_programs)
        assert for_programs[0] == {
            "name": "entity",
            "theme": "people and things",
            "answers": "what is known about somebody or something?",
            "parameters": {"group_id": "'default'", "name": "'Ravi Menon'"},
            "query": SAVED["entity"].query,
        }

    def test_prints_a_question_that_is_named(self) -> None:
        assert graphmem("day").output == SAVED["day"].favourite() + "\n"
        refused = graphmem("night")
        assert refused.exit_code == 1
        assert refused.output == "Error: no saved question is called 'night': graphmem browser lists them\n"

    def test_has_a_colour_for_everything_that_is_drawn(self) -> None:
        style = (FOLDER / "browser" / STYLE).read_text("utf-8")
        assert all(f"node.{label} {{" in style for label in LABELS if label != "Fact")


@pytest.fixture(scope="module")
def folder(town: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the kit for the town."""
    folder = tmp_path_factory.mktemp("kit")
    write_kit(folder, group_id=town)
    return folder


@pytest.fixture(scope="module")
def window(neo4j_browser: str, neo4j_server: tuple[str, str], folder: Path) -> Iterator[real.Browser]:
    """Give Neo4j Browser, logged in and with our style."""
    missing = real.missing()
    if missing:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(f"tests of Neo4j Browser need Chromium and its driver: no {' and no '.join(missing)} here")
    with real.opened(neo4j_browser, user="neo4j", password=neo4j_server[1]) as browser:
        browser.drop(folder / STYLE)
        browser.until(lambda: "node.Entity" in browser.text("[data-testid=stream]"), "style")
        yield browser


class TestInTheRealBrowser:
    def test_an_entity_is_drawn_with_names_and_predicates(self, window: real.Browser, town: str) -> None:
        window.run(asked("entity", town))
        shown = window.captions()
        assert {"Ravi Menon", "Sandhaven Trust", "tin box", "find", "work for", "lead"} <= shown
        assert not {"RELATES_TO", "<type>"} & shown

    def test_a_session_is_drawn_as_a_story(self, window: real.Browser, town: str) -> None:
        window.run(asked("session", town))
        shown = window.captions()
        assert {"Nora and Ravi, 2023-10-14", "Leela", "Gannet Press", "next"} <= shown
        assert any(caption.startswith("Nora I am writing a book about") for caption in shown)

    def test_an_event_shows_its_date_and_roles(self, window: real.Browser, town: str) -> None:
        window.run(asked("happened", town))
        shown = window.captions()
        assert any(caption.startswith("11 October 2023 I broke my ankle") for caption in shown)
        assert "agent" in shown

    def test_a_timeline_is_a_table(self, window: real.Browser, town: str) -> None:
        assert "Ravi Menon works for Sandhaven Trust" in window.run(asked("timeline", town))

    def test_the_overview_counts(self, window: real.Browser, town: str) -> None:
        table = window.run(asked("overview", town))
        assert all(label in table for label in LABELS if label != "Trace")

    def test_the_path_of_a_hit_is_drawn(self, window: real.Browser, neo4j_address: str, town: str) -> None:
        with Memory(neo4j_address, group_id=town) as memory:
            hit = memory.search("What did Ravi Menon find behind the fourth stone?", top_k=1, explain=True)[0]
        window.run(hit.cypher)
        shown = window.captions()
        assert "Ravi Menon" in shown
        assert any(caption.startswith("The north wall of the clock tower") for caption in shown)

    def test_the_favourites_can_be_imported_and_run(self, window: real.Browser, folder: Path) -> None:
        window.run(":style")
        window.drop(folder / FAVOURITES)
        window.click("[data-testid=navigationFavorites]")
        for theme in THEMES:
            window.click(f"[data-testid='expandFolder-graphmem, {theme}']")
        titles = [f"{saved.name}: {saved.answers}" for saved in SAVED.values()]
        window.until(lambda: all(title in window.text("body") for title in titles), "favourites")
        window.choose(titles[0])
        window.click("[data-testid=navigationFavorites]")
        window.start()
        assert "Sandhaven Trust" in window.captions()

    def test_what_is_pasted_with_its_parameters_is_accepted(self, window: real.Browser, town: str) -> None:
        pasted = (FOLDER / "explore" / "entity.cypher").read_text("utf-8").replace("'default'", f"'{town}'")
        window.run(pasted)
        window.until(lambda: window.count("[title='Status: success']") == 3, "success")
        window.run(SAVED["entity"].query)
        assert "Sandhaven Trust" in window.captions()

    def test_the_guide_can_be_played(self, window: real.Browser, served: str) -> None:
        assert "A memory in Neo4j Browser" in window.run(f":play {served}/{GUIDE}")


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """Give the address of a web server that lets other pages read the kit."""
    server = ThreadingHTTPServer(("localhost", 0), partial(Open, directory=str(folder)))
    Thread(target=server.serve_forever).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


class Open(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        super().end_headers()

    def do_OPTIONS(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


def asked(name: str, group_id: str) -> str:
    saved: Question = SAVED[name]
    return saved.favourite(group_id=group_id)
