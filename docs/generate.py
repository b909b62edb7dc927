"""Write what the documentation takes from the code: `python docs/generate.py`.

The page of all commands is made from the commands themselves, the table of constants in the page on the ranking from
`graphmem/recall/constants.py`. The tests compare both with what is in the files.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import click

from graphmem.cli import main
from graphmem.recall import constants

DOCS = Path(__file__).parent
TABLE = re.compile(
    r"(?<=<!-- constants: made by docs/generate.py from graphmem/recall/constants.py -->\n).*?(?=<!-- end)", re.S
)


def commands() -> str:
    """Return the page of all commands, one section each, as their help tells them."""
    context = click.Context(main, info_name="graphmem")
    shared = [option.name for option in main.params]
    parts = [
        "# All commands\n",
        "Made from the commands by `python docs/generate.py`.",
        "[On the command line](cli.md) has exit codes, JSON and completion.\n",
        "Before or after each command:\n",
        *_options(main, context, only=shared),
    ]
    for name in main.list_commands(context):
        command = main.commands[name]
        inside = click.Context(command, info_name=name, parent=context)
        parts.append(f"## {name}\n")
        parts.append("```text\n" + " ".join(["graphmem", name, *command.collect_usage_pieces(inside)]) + "\n```\n")
        parts.extend(_told(command.help or ""))
        parts.extend(_options(command, inside, without={"help", *shared}))
    return "\n".join(parts)


def _told(help: str) -> Iterator[str]:
    """Yield the paragraphs of a help text; those that keep their lines are examples."""
    for paragraph in inspect.cleandoc(help).split("\n\n"):
        if paragraph.startswith("\b"):
            yield "```sh\n" + paragraph.lstrip("\b\n") + "\n```\n"
        else:
            yield " ".join(paragraph.split()) + "\n"


def _options(
    command: click.Command,
    context: click.Context,
    *,
    only: Collection[str | None] | None = None,
    without: Collection[str | None] = ("help",),
) -> Iterator[str]:
    """Yield a table of options, which is nothing where there are none."""
    records = [
        record
        for option in command.params
        if isinstance(option, click.Option) and option.name not in without and (only is None or option.name in only)
        if (record := option.get_help_record(context)) is not None
    ]
    if records:
        yield "| option | |\n| --- | --- |"
        yield from (f"| `{_cell(names)}` | {_cell(help)} |" for names, help in records)
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def table() -> str:
    """Return the constants of the ranking with what each means."""
    [body] = [node.body for node in ast.parse(inspect.getsource(constants)).body if isinstance(node, ast.ClassDef)]
    lines = ["| constant | value | what it is |", "| --- | --- | --- |"]
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            told = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            value = getattr(constants.CONSTANTS, node.target.id)
            lines.append(f"| `{node.target.id}` | {value:.4g} | {_cell(str(told))} |")
    return "\n".join(lines) + "\n"


def ranking() -> str:
    """Return the page on the ranking with the table of constants as it is now."""
    return TABLE.sub(lambda _: table(), DOCS.joinpath("ranking.md").read_text("utf-8"))


if __name__ == "__main__":
    DOCS.joinpath("commands.md").write_text(commands(), "utf-8")
    DOCS.joinpath("ranking.md").write_text(ranking(), "utf-8")
