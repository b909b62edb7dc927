"""The command line, as one types it."""

import functools
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from graphmem.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, code=0, **options):
        result = CliRunner().invoke(main, arguments, **options)
        assert result.exit_code == code, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_what_is_added_is_found_and_listed(run):
    said = run("add", "Ada Lovelace moved to London in 1835.", "--store", "notes.db").output
    assert said.startswith("Added ")
    assert "1 episode" in said
    assert said.strip().endswith("in notes.db")
    assert (
        "Ada Lovelace moved to London in 1835." in run("search", "Who moved to London?", "--store", "notes.db").output
    )
    assert "Ada Lovelace" in run("facts", "Ada Lovelace", "--store", "notes.db").output
    assert "Ada Lovelace (PERSON" in run("entity", "ada lovelace", "--store", "notes.db").output
    assert ": 1 mention, 1 episode" in run("entity", "ada lovelace", "--store", "notes.db").output
    assert "1 episode" in run("stats", "--store", "notes.db").output
    assert "All is well" in run("doctor", "--store", "notes.db").output
    assert "1835" in run("events", "Ada Lovelace", "--store", "notes.db").output
    assert "[1]" in run("recall", "Where does Ada live?", "--store", "notes.db").output


def test_adding_again_changes_nothing(run):
    run("add", "Ben plays the cello.")
    before = json.loads(run("stats", "--json").stdout)
    assert "Nothing new in graphmem.db; 1 episode known already" in run("add", "Ben plays the cello.").output
    assert json.loads(run("stats", "--json").stdout) == before


def test_adding_says_what_nothing_was_made_of(run):
    said = run("add", "Ann lives in Rome. She said: they know.", "Hij woont in een groot huis met zijn moeder.").output
    assert said.endswith("in graphmem.db; left out: unresolved pronoun (1), not English (1)\n")


def test_options_stand_before_or_after_the_command(run):
    run("--store", "a.db", "add", "Ben plays the cello.")
    found = json.loads(run("search", "cello", "--store", "a.db", "--json", "--explain").stdout)
    assert found[0]["text"] == "Ben plays the cello."
    assert abs(sum(found[0]["scores"].values()) - found[0]["score"]) < 1e-5
    assert json.loads(run("--json", "--store", "a.db", "facts").stdout) is not None


def test_a_search_shows_its_reasons_or_the_queries_that_draw_them(run):
    run("add", "Ada Lovelace moved to London in 1835.")
    said = run("search", "Where did Ada Lovelace move?", "--explain").output
    assert "   signals: dense +" in said
    assert "   confidence: 0." in said
    assert "   path: Where did Ada Lovelace move? -[names]-> Ada Lovelace -[mentioned in]-> Ada" in said
    drawn = run("search", "Where did Ada Lovelace move?", "--cypher").output
    assert drawn.startswith("// Ada Lovelace moved to London in 1835.\nWITH ['")
    assert drawn.rstrip().endswith(";")
    assert "$" not in drawn


def test_a_search_that_asks_when_shows_the_time_that_is_told(run):
    run("add", "Ben sold three boats in Oslo last week.", "--reference-time", "2023-05-08")
    assert run("search", "When did Ben sell boats?").output.splitlines()[0].endswith("[2023-05-01 .. 2023-05-08]")
    assert "[" not in run("search", "Where did Ben sell boats?").output.splitlines()[0]


def test_a_search_for_what_was_never_said_finds_nothing_sure(run):
    run("add", "Ada Lovelace moved to London in 1835.")
    assert "Ada" in run("search", "Who won the football cup?").output
    assert "Nothing found" in run("search", "Who won the football cup?", "--min-score", "0.1").output
    assert "0 to 1" in run("search", "Who?", "--min-score", "7", code=1).stderr


def test_recall_looks_only_where_it_is_told_to(run):
    run("add", "Ben plays the cello.", "--session", "one", "--reference-time", "2023-05-08")
    run("add", "Cy plays the cello.", "--session", "two", "--reference-time", "2023-05-09")
    assert run("recall", "cello", "--session", "two").output == "9 May 2023:\n[1] Cy plays the cello.\n"
    assert run("recall", "cello", "--as-of", "2023-05-08").output == "8 May 2023:\n[1] Ben plays the cello.\n"
    assert run("recall", "cello", "--max-tokens", "0").output == "\n"


def test_each_tenant_sees_its_own(run):
    run("add", "Ben plays the cello.", "--group", "one")
    assert "Nothing found" in run("search", "cello", "--group", "two").output


def test_init_is_silent_the_second_time(run):
    assert "Created" in run("init").output
    assert run("init").output == ""


def test_standard_input_is_text_or_json_lines(run):
    run("add", "-", input="Ada met Ben in Paris.")
    run("add", "-", input=json.dumps({"text": "Cy met Dora.", "speaker": "Eve"}) + "\n")
    assert json.loads(run("stats", "--json").stdout)["counts"]["episode"] == 2


def test_the_demo_answers_three_questions(run):
    said = run("demo").output
    assert "The graph: " in said
    assert "A dated event:" in said
    assert said.count("path: ") == 3
    assert "I broke my ankle last Wednesday" in said
    assert "2023-10-11" in said
    for answer in ("the police found the pendulum", "Ravi Menon found", "Penrose was born in Falmouth"):
        assert answer in said
    assert os.listdir() == []


@pytest.fixture
def torn(run):
    """A memory of somebody who left a job, and of whom two sources tell different homes."""
    run("add", "Tom Reed works for Acme Corp.", "--reference-time", "2020-02-01")
    run("add", "Tom Reed left Acme Corp on 3 May 2022.", "--reference-time", "2022-05-04")
    run("add", "Tom Reed lives in Paris.", "--reference-time", "2023-05-04", "--source", "letter")
    run("add", "Tom Reed lives in Rome.", "--reference-time", "2023-05-04", "--source", "diary")


def test_the_history_of_a_fact_is_told_by_uuid_or_by_words(run, torn):
    said = run("history", "Tom Reed", "work for").output
    assert said.startswith("Tom Reed works for Acme Corp\n")
    assert "  until 3 May 2022; believed since " in said
    assert "ended by 'Tom Reed leaves Acme Corp' (ended)" in said
    assert "2020-02-01: Tom Reed works for Acme Corp." in said
    assert run("history", "Tom Reed", "work for", "acme corp").output == said
    [versions] = json.loads(run("history", "Tom Reed", "work for", "--json").stdout)
    assert versions[-1]["why"] == "ended by 'Tom Reed leaves Acme Corp' (ended)"
    assert run("history", versions[0]["fact"]["uuid"]).output == said
    assert run("history", "Tom Reed", "work for", "Nobody").output == "No facts.\n"


def test_a_timeline_is_drawn_as_aligned_lines(run, torn):
    lines = run("timeline", "tom reed").output.splitlines()
    assert "until 3 May 2022  Tom Reed works for Acme Corp" in lines
    assert "since 3 May 2022  Tom Reed leaves Acme Corp" in lines
    assert lines[-1].startswith("undated           Tom Reed lives in ")
    assert "lives in" not in run("timeline", "Tom Reed", "--start", "2022-01-01").output
    entries = json.loads(run("timeline", "Tom Reed", "--json").stdout)
    assert [entry["text"] for entry in entries] == [line[18:] for line in lines]
    assert run("timeline", "Paris", "--end", "1999-01-01").output == "Nothing is told.\n"


def test_a_diff_tells_what_changed(run, torn):
    said = run("diff", "2022-05-01", "2022-06-01").output
    assert "began:\n  Tom Reed leaves Acme Corp, since 3 May 2022\n" in said
    assert "ended:\n  Tom Reed works for Acme Corp, until 3 May 2022\n" in said
    assert run("diff", "1999-01-01", "1999-02-01").output == "nothing changed\n"
    assert json.loads(run("diff", "2022-05-01", "2022-06-01", "--entity", "Acme Corp", "--json").stdout)["ended"]


def test_a_conflict_is_listed_and_settled_and_is_no_damage(run, torn):
    assert "contradict each other" in run("doctor").output
    said = run("conflicts").output
    assert "\n    2023-05-04 diary: Tom Reed lives in Rome.\n" in said
    [conflict] = json.loads(run("conflicts", "--json").stdout)
    rome = next(fact for fact in conflict["facts"] if fact["object"] == "Rome")
    assert run("settle", rome["uuid"], "--reason", "He told me.").output == (
        "Decided: Tom Reed lives in Rome. He told me.\n"
    )
    assert run("conflicts").output == "No conflicts.\n"
    assert run("doctor").output == "All is well.\n"
    assert "(decided)" in run("history", "Tom Reed", "live in", "Paris").output
    home, first, second = run("facts", "Tom Reed", "--predicate", "live in", "--sources").output.splitlines()
    assert (home, first) == ("Tom Reed lives in Rome  x2", "    2023-05-04 diary: Tom Reed lives in Rome.")
    assert second.endswith(" decision: Decided: Tom Reed lives in Rome. He told me.")


def test_a_memory_is_exported_and_imported(run, torn):
    count = json.loads(run("export", "all.jsonl.gz", "--json").stdout)["records"]
    assert f"Exported {count} records to all.jsonl.gz" in run("export", "all.jsonl.gz").output
    assert "Added " in run("import", "all.jsonl.gz", "--store", "other.db").output
    assert "Nothing new" in run("import", "all.jsonl.gz", "--store", "other.db").output
    same = [run("facts", "--all", "--json", "--store", name).stdout for name in ("graphmem.db", "other.db")]
    assert same[0] == same[1]
    assert "this memory of 'other'" in run("import", "all.jsonl.gz", "--group", "other", code=1).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", " "], "empty"),
        (["add", "nowhere.txt"], "no file or folder 'nowhere.txt'"),
        (["add", "A good text.", "--reference-time", "someday"], "'someday' is no time"),
        (["add", "A good text.", "--store", "redis://localhost"], "redis"),
        (["add", "A good text.", "--store", "missing/folder/a.db"], "missing/folder"),
        (["search", "x", "--store", "nowhere.db"], "nowhere.db"),
        (["stats", "--store", "text.db"], "text.db"),
        (["stats", "--store", "bolt://127.0.0.1:9"], "127.0.0.1:9"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(run, tmp_path, arguments, said):
    (tmp_path / "text.db").write_text("I am no database, only a text of some length that ends here.")
    result = run(*arguments, code=1)
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(os.listdir()) in (["text.db"], ["graphmem.db", "text.db"])


def test_a_bad_file_does_not_keep_the_good_ones_out(run, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "bad.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder" / "good.txt").write_text("Ada met Ben.")
    result = run("add", "folder", code=1)
    assert "bad.txt" in result.stderr
    assert json.loads(run("stats", "--json").stdout)["counts"]["episode"] == 1


def test_an_interrupted_add_stops_cleanly_and_the_same_command_finishes_it(tmp_path, run):
    lines = [json.dumps({"text": f"Person{number} moved to Town{number}.", "session": "s"}) for number in range(3000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    command = [sys.executable, "-m", "graphmem", "add", "many.jsonl", "--batch-size", "8"]
    heeding = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # even if the tests run in the background
    adding = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=heeding)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (tmp_path / "graphmem.db").exists() and json.loads(run("stats", "--json").stdout)["counts"]["episode"]:
            break
        time.sleep(0.1)
    adding.send_signal(signal.SIGINT)
    _, said = adding.communicate(timeout=60)
    assert adding.returncode == 130
    assert "The same command goes on from there" in said
    (tmp_path / "many.jsonl").write_text("\n".join(lines[:200]))
    run("add", "many.jsonl")
    episodes = json.loads(run("stats", "--json").stdout)["counts"]["episode"]
    assert episodes >= 200
    assert "All is well" in run("doctor").output
