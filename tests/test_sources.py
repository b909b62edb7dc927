"""What `graphmem add` reads."""

import json

import pytest

from graphmem.cli.sources import Sources
from graphmem.errors import InvalidInput


def test_a_file_is_one_item_named_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("\ufeffZoë moved to Köln.", encoding="utf-8")
    assert list(Sources(["note.txt"], speaker="Ben")) == [
        {"text": "Zoë moved to Köln.", "source": "note.txt", "session": "note.txt", "speaker": "Ben"}
    ]


def test_the_first_heading_of_a_markdown_file_is_its_title(tmp_path):
    (tmp_path / "a.md").write_text("# The clock\n\nIt stopped.")
    [item] = Sources([str(tmp_path / "a.md")])
    assert item["metadata"] == {"title": "The clock"}
    assert item["text"].strip() == "It stopped."


def test_a_folder_is_read_in_order_of_names_and_only_its_texts(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.txt", "deep/a.md", "picture.png", "a.txt"):
        (tmp_path / name).write_text(name)
    assert [item["text"] for item in Sources([str(tmp_path)])] == ["a.txt", "b.txt", "deep/a.md"]


def test_json_lines_are_episodes_and_a_broken_line_does_not_stop_the_others(tmp_path):
    lines = [json.dumps({"text": "Hi.", "speaker": "Ada"}), "{broken", "[1]", "", json.dumps({"text": "Ho.\u2028Hm."})]
    (tmp_path / "chat.jsonl").write_text("\n".join(lines))
    sources = Sources([str(tmp_path / "chat.jsonl")], session="s")
    assert [item["text"] for item in sources] == ["Hi.", "Ho.\u2028Hm."]
    assert ["line 2" in str(sources.failed[0]), "line 3" in str(sources.failed[1])] == [True, True]


def test_words_are_a_text():
    assert list(Sources(["Ada moved to London."])) == [{"text": "Ada moved to London."}]
    assert list(Sources(["word " * 2000])) == [{"text": "word " * 2000}]


def test_a_path_that_is_not_there_is_not_taken_for_a_text():
    with pytest.raises(InvalidInput, match=r"no file or folder 'notes\.tx'"):
        Sources(["notes.tx"])


def test_a_folder_without_text_says_what_is_read(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(InvalidInput, match=r"no text: \.txt"):
        Sources([str(tmp_path)])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\0b", "binary file .NUL at byte 1"),
        (b"caf\xe9", "not UTF-8 .byte 3 is 0xe9"),
        (b"", "empty"),
        (b" \n", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(tmp_path, data, said):
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text("Good.")
    sources = Sources([str(tmp_path)])
    assert [item["text"] for item in sources] == ["Good."]
    [error] = sources.failed
    assert "bad.txt" in str(error)
    with pytest.raises(InvalidInput, match=said):
        raise error


def test_a_file_name_that_is_not_utf8_is_shown_as_it_is(tmp_path):
    with open(bytes(tmp_path) + b"/caf\xe9.txt", "w") as file:
        file.write("Good.")
    sources = Sources([str(tmp_path)])
    assert list(sources) == []
    assert "caf\\udce9.txt" in str(sources.failed[0])
