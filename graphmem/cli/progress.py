"""The progress bars of `graphmem` on a terminal; nothing when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar(size: int, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while episodes are added; yields what to call with episodes and characters done."""
    if quiet or not sys.stderr.isatty():
        yield lambda episodes, characters: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[episodes]} episodes, {task.fields[rate]:.0f} characters/s, left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("add", total=size or None, episodes=0, rate=0.0)

        def advance(episodes: int, characters: int) -> None:
            elapsed = progress.tasks[0].elapsed or 0.0
            rate = characters / elapsed if elapsed else 0.0
            progress.update(task, completed=characters, episodes=episodes, rate=rate)

        yield advance


@contextmanager
def counting(size: int, *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show a bar on standard error; yields what to call with what is being done and how many more of it are done."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=size or None)
        yield lambda what, done: progress.update(task, description=what, advance=done)


@contextmanager
def steps(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each step on standard error; yields what to call with the step, the records done, all of them."""
    if quiet or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("records, left"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def advance(step: str, done: int, total: int) -> None:
            if progress.tasks[0].description != step or done < progress.tasks[0].completed:
                progress.reset(task, description=step)
            progress.update(task, completed=done, total=total)

        yield advance
