"""`graphmem explain` and `graphmem.extract.explain`: what was understood of a text, in a terminal and in a notebook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import spacy
from click.testing import CliRunner, Result

from graphmem import Episode, Extraction, InvalidInput, ModelError
from graphmem.cli import main
from graphmem.extract import explain

TEXT = "Ada Lovelace moved to London in 1835 because she wanted to work with Charles Babbage. They met her.\nx = f(y)"


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


class Silent:
    """An extractor that understands nothing."""

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        return [Extraction() for _ in episodes]


def run(*arguments: str, code: int = 0, **options: str) -> Result:
    result = CliRunner().invoke(main, ["explain", *arguments], **options)
    assert result.exit_code == code, result.output
    return result


def test_everything_that_was_understood_is_told_with_its_place() -> None:
    told = str(explain(TEXT, reference_time="1843-08-01")).splitlines()
    for line in (
        "   0-12  Ada Lovelace     PERSON",
        "  45-48  she              PERSON  stands for Ada Lovelace",
        "   0-28  Ada Lovelace → move to → London          1835-01-01 ..",
        "Times, counted from 1843-08-01",
        "  32-36  1835  1835-01-01 .. 1836-01-01  year, explicit",
        "   86-90  unresolved pronoun  They",
        "  100-108  code                x = f(y)",
    ):
        assert any(other.split()[: len(line.split())] == line.split() for other in told)
    assert [line for line in told if line and not line.startswith(" ")] == [
        "Sentences",
        "Names",
        "Facts",
        "Events",
        "Times, counted from 1843-08-01",
        "Left out",
    ]
    assert max(map(len, told)) <= 100


def test_stance_values_and_further_arguments_are_told() -> None:
    told = str(explain("Ann might not sell three boats to Ben in Oslo.", reference_time="2023-05-08"))
    assert 'Ann → sell → "three boats" (number)' in told
    assert "negated, possible" in told
    assert "in: Oslo" in told


def test_who_speaks_and_what_the_title_is_counts() -> None:
    told = str(explain("I moved to Rome.", speaker="Ravi", title="A notebook"))
    assert "stands for Ravi" in told
    assert "Ravi → move to → Rome" in told
    assert "the title" in told


def test_a_text_of_which_nothing_is_understood_says_so() -> None:
    assert str(explain("x = f(y)")).endswith("No fact and no event.")
    assert str(explain("Ann left.", extractor=Silent())) == "Nothing was understood."


def test_a_text_gives_no_orders_to_the_terminal() -> None:
    assert "\x1b" not in str(explain("Ann\x1b[31m lives in \x1b]0;Rome\x07 Rome."))


def test_long_texts_stay_readable() -> None:
    told = str(explain("Ann Carter met Ben Doyle in Rome and " * 60 + "left."))
    assert max(map(len, told.splitlines())) <= 100


def test_the_tree_has_a_line_for_each_word() -> None:
    lines = explain("Ann lives in Rome. Ben left.").tree().splitlines()
    assert [line.split()[:2] for line in lines if line and line[0].isalpha()] == [["lives", "root"], ["left", "root"]]
    words = [line.lstrip("├─└│ ").split()[0] for line in lines if line]
    assert sorted(words) == sorted(["Ann", "lives", "in", "Rome", ".", "Ben", "left", "."])
    [rome] = [line for line in lines if "Rome" in line]
    assert rome.startswith("├── Rome ")


def test_the_picture_is_one_svg_with_every_word() -> None:
    text = "Ann works for Marks & Spencer and lives in a small house in Rome.\n\nBen left."
    drawing = explain(text).draw()
    root = ElementTree.fromstring(drawing)
    said = "".join(root.itertext())
    for word in ("Ann", "&", "Rome", "Ben", "left"):
        assert word in said
    assert len([child for child in root if child.tag.endswith("svg")]) == 2
    assert drawing._repr_html_() == drawing
    assert drawing == explain(text).draw()


def test_a_notebook_shows_names_and_times_and_nothing_of_the_text_is_markup() -> None:
    html = explain('Ann moved to Rome in 2021. <script>alert("x")</script>')._repr_html_()
    page = Tags(html)
    assert set(page.tags) <= {"div", "mark", "span", "b", "table", "tr", "td", "br"}
    assert '<script>alert("x")</script>' in page.said
    assert "Ann → move to → Rome" in page.said
    assert "PERSON" in page.said
    assert "TIME" in page.said


def test_whom_a_pronoun_means_is_no_markup_either() -> None:
    html = explain("I moved to Rome.", speaker="<i>Eve</i>")._repr_html_()
    assert "i" not in Tags(html).tags
    assert "= <i>Eve</i>" in Tags(html).said


@pytest.mark.parametrize("extractor", [Silent(), spacy.blank("en")], ids=["no pipeline", "no parser"])
def test_without_a_tree_there_is_nothing_to_draw(extractor: object) -> None:
    from graphmem.extract.english import EnglishExtractor

    given = EnglishExtractor(extractor) if isinstance(extractor, spacy.language.Language) else extractor
    explanation = explain("Ann lives in Rome.", extractor=given)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="no dependency tree"):
        explanation.tree()
    with pytest.raises(InvalidInput, match="no dependency tree"):
        explanation.draw()
    assert "<svg" not in explanation.page()


@pytest.mark.parametrize("given", [{"text": " "}, {"text": "Ann.", "reference_time": "someday"}])
def test_what_cannot_be_explained_is_an_error(given: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        explain(**given)


def test_importing_what_explains_loads_no_heavy_library() -> None:
    program = "import sys; from graphmem.extract import explain; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"spacy", "rich", "torch", "openai"}


def test_the_command_explains_without_a_memory(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("Ann moved to Rome in 2021.", "--tree", "--reference-time", "2023-05-08").output
    assert "Ann → move to → Rome" in said
    assert "counted from 2023-05-08" in said
    assert "└── " in said
    assert os.listdir() == []


def test_the_command_reads_standard_input_and_prints_json() -> None:
    found = json.loads(run("-", "--json", "--tree", "--speaker", "Ravi", input="I moved to Rome.").output)
    assert found["facts"][0]["subject"]["name"] == "Ravi"
    assert found["text"][slice(*found["sentences"][0])] == "I moved to Rome."
    assert found["left_out"] == []
    assert "moved" in found["trees"]


def test_the_command_writes_pictures(tmp_path) -> None:
    svg, html = tmp_path / "tree.svg", tmp_path / "page.html"
    run("Ann moved to Rome.", "--svg", str(svg), "--html", str(html))
    assert "Rome" in "".join(ElementTree.fromstring(svg.read_text("utf-8")).itertext())
    page = Tags(html.read_text("utf-8"))
    assert "Ann → move to → Rome" in page.said
    assert "svg" in page.tags


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([" "], "empty"),
        (["Ann left.", "--reference-time", "someday"], "'someday' is no time"),
        (["Ann left.", "--svg", "no/such/folder/a.svg"], "a folder that exists"),
        (["Ann left.", "--pipeline", "no_such_pipeline"], "spacy download"),
        (["x = f(y)", "--tree"], "no dependency tree"),
    ],
)
def test_what_the_command_cannot_do_is_said_in_one_sentence(arguments: list[str], said: str) -> None:
    assert said in run(*arguments, code=1).stderr


def test_another_pipeline_is_used_when_it_is_named(tmp_path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    assert run("Ann Lee lives in Rome.", "--pipeline", str(tmp_path / "blank")).output.endswith(
        "No fact and no event.\n"
    )
    with pytest.raises(ModelError):
        explain("Ann lives in Rome.", extractor="no_such_pipeline")
