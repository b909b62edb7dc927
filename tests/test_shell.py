"""The command line for people: the prompt that keeps models warm, colours, completion, help, what a typo was to be."""

import io
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from graphmem import Memory
from graphmem.cli import main
from graphmem.cli.shell import Shell


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(*arguments, code=0, **options):
        result = CliRunner().invoke(main, arguments, **options)
        assert result.exit_code == code, result.output
        return result

    return run


LINES = """
add Ada Lovelace moved to London in 1835.

Who moved to London?
why
why 1
facts Ada Lovelace
events Ada Lovelace
entity ada lovelace
timeline Ada Lovelace
recall Who moved to London?
stats
help
quit
facts never reached
"""


def test_lines_are_answered_one_after_the_other(run):
    said = run("shell", "--store", "notes.db", input=LINES).stdout
    assert "Added 2 entities, 1 episode" in said
    assert "1. " in said
    assert said.count("path: Who moved to London? -[names]-> ") == 2
    assert "Ada Lovelace lives in London  [1835-01-01 ..]" in said
    assert "Ada Lovelace (PERSON): 1 mention, 1 episode" in said
    assert "since 1835  Ada Lovelace lives in London" in said
    assert "[1] Ada Lovelace moved to London in 1835." in said
    assert "search QUESTION" in said
    assert "graphmem>" not in said
    assert "1 episode" in run("stats", "--store", "notes.db").output


def test_a_line_that_cannot_be_answered_stops_nothing(run):
    lines = "serch London\nwhy\nentity Nobody\nblah\nfacts Ben --as-of 2020\nadd Ben sings.\n"
    result = run("shell", "--store", ":memory:", input=lines, code=1)
    assert "there is no 'serch': did you mean 'search'?" in result.stderr
    assert "there is no result 1: the last search has 0" in result.stderr
    assert "no entity is named 'Nobody'" in result.stderr
    assert "there is no 'blah': help lists" in result.stderr
    assert "--as-of is no option here: leave the prompt, and see graphmem facts --help" in result.stderr
    assert "1 episode" in result.stdout


def test_answers_are_json_for_programs(run):
    lines = "add Ada met Ben.\nWho met Ben?\nfacts\nhelp\n"
    said = run("shell", "--json", "--store", ":memory:", input=lines).stdout
    added, hits, facts, told = map(json.loads, said.splitlines())
    assert added["new"]["episode"] == 1
    assert hits[0]["text"] == "Ada met Ben."
    assert facts[0]["subject"] == "Ada"
    assert "search" in told


def test_a_terminal_has_a_prompt_and_takes_an_interrupted_line_back(monkeypatch, capsys):
    typed = iter(["add Ada met Ben.", KeyboardInterrupt, "Who met Ben?", EOFError])
    prompts = []

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    def typing(prompt):
        prompts.append(prompt)
        line = next(typed)
        if isinstance(line, type):
            raise line
        return line

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", typing)
    main(["shell", "--store", ":memory:"], standalone_mode=False)
    assert "Ada met Ben." in capsys.readouterr().out
    assert prompts == ["graphmem> "] * 4


def test_every_verb_of_the_prompt_says_what_it_does():
    with Memory(":memory:") as memory:
        shell = Shell(memory)
        assert len(shell.answer("HELP")[1]) == len(shell.verbs)


def test_colours_are_only_for_terminals(run, monkeypatch):
    run("add", "Ada moved to London in 1835.")
    for arguments in (("search", "Who moved to London?", "--explain"), ("facts", "Ada"), ("entity", "Ada")):
        plain = run(*arguments).output
        coloured = run(*arguments, color=True).output
        assert "\x1b" not in plain
        assert "\x1b[" in coloured
        assert "\x1b" not in run(*arguments, "--json", color=True).output
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b" not in run(*arguments, color=True).output
        monkeypatch.delenv("NO_COLOR")


def test_a_typo_is_answered_with_what_it_was_to_be(run):
    assert "Did you mean 'search'?" in run("serch", "x", code=2).output
    assert "'--top-k'" in run("search", "x", "--topk", "3", code=2).output
    assert "Did you mean" not in run("xyzzy", code=2).output


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_in_a_few_lines(run, name):
    said = run(name, "--help").output
    assert len(said.split("Options:")[0].splitlines()) < 20
    assert main.commands[name].get_short_help_str(200)


def test_the_help_tells_the_exit_codes(run):
    said = " ".join(run("--help").output.split())
    assert "Exits with 0 when done, 1 for an error" in said
    assert "130 when interrupted" in said


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_and_options_are_completed(shell):
    def complete(words, number):
        last = words.split()[-1] if shell == "fish" else str(number)
        asked = {"COMP_WORDS": words, "COMP_CWORD": last, "_GRAPHMEM_COMPLETE": f"{shell}_complete"}
        command = [sys.executable, "-m", "graphmem"]
        return subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=False).stdout

    assert "search" in complete("graphmem sea", 1)
    assert "--explain" in complete("graphmem search --exp", 2)


def test_a_memory_is_exported_for_other_programs(run, tmp_path):
    run("add", "Ada moved to London in 1835.")
    assert "statements to notes.cypher" in run("export", "notes.cypher").output
    assert "MERGE" in (tmp_path / "notes.cypher").read_text("utf-8")
    assert json.loads(run("export", "notes.graphml", "--json").output)["records"] == 4
    assert "graphml" in (tmp_path / "notes.graphml").read_text("utf-8")
