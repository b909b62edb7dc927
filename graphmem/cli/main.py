"""The commands."""

from __future__ import annotations

import functools
import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from graphmem.cli import browser as kit
from graphmem.cli import show
from graphmem.cli.demo import tell
from graphmem.cli.progress import bar, counting, steps
from graphmem.cli.shell import Shell
from graphmem.cli.shell import asked as asked_for
from graphmem.cli.sources import Sources, decoded
from graphmem.errors import GraphmemError, InvalidInput
from graphmem.extract import explain as understood
from graphmem.memory import Memory
from graphmem.model import STATUSES, Kind
from graphmem.periods import LEVELS
from graphmem.settings import Settings
from graphmem.store import migrate as bring_up

Command = Callable[..., Any]
UNCONSOLIDATED = "Nothing found: graphmem consolidate makes communities, topics and summaries."


class _Group(click.Group):
    """Turns the errors of graphmem into one line and exit code 1, and knows what a mistyped command was to be."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near or "Did you mean" in error.message:  # click tells it since 8.4
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GraphmemError as error:
            raise click.ClickException(str(error)) from error


_SHARED = (
    click.option("--store", help="A file, ':memory:', or a bolt:// or neo4j:// address (or GRAPHMEM_STORE)."),
    click.option("--group", help="The tenant (or GRAPHMEM_GROUP)."),
    click.option("--model", help="The embedding model, a sentence-transformers name or path (or GRAPHMEM_MODEL)."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON for programs."),
)


@click.group(
    cls=_Group,
    epilog="Exits with 0 when done, 1 for an error or for damage that was found, 2 for a command that is not "
    "understood, 130 when interrupted.",
)
@click.version_option(package_name="graphmem")
@click.pass_context
def main(ctx: click.Context, /, **options: Any) -> None:
    """A graph-based long-term memory: add text, ask questions, see why.

    \b
    graphmem add notes/ "Ada moved to London in 1835."
    graphmem search "Where did Ada move?" --explain
    """
    if not gc.get_freeze_count():
        gc.freeze()  # what was imported stays: the collector need not look through it, now or at the end
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("graphmem").setLevel(logging.INFO)
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.obj = options


for _option in _SHARED:
    main = _option(main)


def command(name: str) -> Callable[[Command], click.Command]:
    """Register a command that takes the shared options, before or after its name, as one `_Shared`."""

    def register(function: Command) -> click.Command:
        @functools.wraps(function)
        @click.pass_context
        def run(
            ctx: click.Context, /, store: str | None, group: str | None, model: str | None, as_json: bool, **own: Any
        ) -> Any:
            above = ctx.obj
            shared = _Shared(
                store=store or above["store"],
                group=group or above["group"],
                model=model or above["model"],
                as_json=as_json or above["as_json"],
            )
            return function(shared, **own)

        for option in _SHARED:
            run = option(run)
        return main.command(name)(run)

    return register


@dataclass(frozen=True, kw_only=True)
class _Shared:
    """The options that every command has."""

    store: str | None
    group: str | None
    model: str | None
    as_json: bool

    @contextmanager
    def memory(self, *, create: bool = False) -> Iterator[Memory]:
        """Open the memory; a command that only reads does not create a file."""
        with Memory(self.store, group_id=self.group, model=self.model, create=create) as memory:
            yield memory

    def print(self, value: object, lines: Sequence[str]) -> None:
        """Print a result: as JSON if asked, else line by line."""
        text = show.as_json(value) if self.as_json else "\n".join(lines)
        click.echo(show.harmless(text) if sys.stdout.isatty() else text)


def _given(options: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in options.items() if value is not None}


@command("init")
def init(shared: _Shared) -> None:
    """Create the memory; says nothing when it is there already."""
    with shared.memory(create=True) as memory:
        if shared.as_json:
            click.echo(show.as_json(memory.stats()))
        elif memory.created:
            click.echo(f"Created {memory.stats().store}")


@command("add")
@click.argument("items", nargs=-1, required=True)
@click.option("--reference-time", help="When it was said or written, as 2023-05-08 or 2023-05-08T13:56+02:00.")
@click.option("--session", help="The conversation or document it belongs to; a file's own path if not given.")
@click.option("--speaker", help="Who says it.")
@click.option("--source", help="Where it comes from; a file's own path if not given.")
@click.option("--batch-size", default=64, show_default=True, help="How many episodes are stored at a time.")
@click.option("--consolidate", is_flag=True, help="Then bring communities, topics and summaries up to date.")
def add(shared: _Shared, items: tuple[str, ...], batch_size: int, consolidate: bool, **given: str | None) -> None:
    """Remember ITEMS: texts, files, folders, '-' for standard input, JSON lines of episodes (.jsonl).

    \b
    graphmem add "Ada moved to London in 1835." notes/ letters.jsonl
    """
    sources = Sources(items, **given)
    stored = 0
    with shared.memory(create=True) as memory, bar(sources.size, quiet=shared.as_json) as advance:

        def progress(episodes: int, characters: int) -> None:
            nonlocal stored
            stored = episodes
            advance(episodes, characters)

        try:
            added = memory.add_many(sources, batch_size=batch_size, progress=progress, consolidate=consolidate)
        except KeyboardInterrupt:
            click.echo(f"Stopped: {stored} episodes are stored. The same command goes on from there.", err=True)
            sys.exit(130)
        address = memory.stats().store
    errors = [*sources.failed, *(failure.error for failure in added.failed)]
    shared.print(added, [show.added_line(added, address)])
    for error in errors:
        click.echo(f"Not added: {error}", err=True)
    if errors:
        sys.exit(1)


@command("explain")
@click.argument("text")
@click.option("--reference-time", help="When it was said or written; now if not given.")
@click.option("--speaker", help="Who says it.")
@click.option("--addressee", help="Whom it is said to.")
@click.option("--title", help="The title of its document.")
@click.option("--pipeline", help="The spaCy pipeline, a name or path (or GRAPHMEM_PIPELINE).")
@click.option("--tree", is_flag=True, help="Draw the dependency tree of each sentence.")
@click.option("--svg", type=click.Path(dir_okay=False), help="Write a picture of the dependency trees to this file.")
@click.option("--html", type=click.Path(dir_okay=False), help="Write all of it as a page to this file.")
def explain(
    shared: _Shared, text: str, pipeline: str | None, tree: bool, svg: str | None, html: str | None, **given: str | None
) -> None:
    """Print what is understood of TEXT, or of standard input if it is '-'; no memory is opened.

    \b
    graphmem explain "Ada moved to London in 1835." --tree
    """
    text = decoded(sys.stdin.buffer.read(), "standard input") if text == "-" else text
    explained = understood(text, extractor=pipeline or Settings.read().pipeline, **given)
    if shared.as_json:
        trees = {"trees": explained.tree()} if tree else {}
        click.echo(show.as_json({"text": text, **explained.extraction.model_dump(mode="json"), **trees}))
    else:
        show.on_terminal(explained)
        if tree:
            click.echo(f"\n{explained.tree()}")
    if svg is not None:
        _write(svg, explained.draw())
    if html is not None:
        _write(html, explained.page())


def _write(path: str, content: str) -> None:
    try:
        Path(path).write_text(content, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"{path!r} cannot be written: {error.strerror}. Name a file in a folder that exists"
        ) from error


_ASKED = (
    click.option("--reference-time", help="What 'last week' in the question counts from; now if not given."),
    click.option("--as-of", help="Only what was said and holds at this time."),
    click.option("--end", help="Only before this time."),
    click.option("--start", help="Only from this time on."),
    click.option("--source", help="Only from this source."),
    click.option("--speaker", help="Only what this person said."),
    click.option("--session", help="Only in this session."),
)


def asked(function: Command) -> Command:
    """Give a command the options that limit where an answer is looked for."""
    return functools.reduce(lambda wrapped, option: option(wrapped), _ASKED, function)


@command("search")
@click.argument("query")
@click.option("--top-k", default=10, show_default=True, help="How many results.")
@click.option(
    "--kind", "kinds", multiple=True, default=("episode",), show_default=True, help="What to look for, or auto."
)
@asked
@click.option("--min-score", default=0.0, show_default=True, help="Only what is at least this likely, from 0 to 1.")
@click.option("--explain", is_flag=True, help="Show the signals and the path of each result.")
@click.option("--cypher", is_flag=True, help="Print queries that draw the path of each result in Neo4j Browser.")
def search(
    shared: _Shared,
    query: str,
    top_k: int,
    kinds: tuple[Kind, ...],
    as_of: str | None,
    reference_time: str | None,
    min_score: float,
    explain: bool,
    cypher: bool,
    **filters: str | None,
) -> None:
    """Find what answers QUERY best.

    \b
    graphmem search "Who moved to London?" --explain
    graphmem search "trips to Paris" --kind fact --kind event --speaker Ada
    """
    with shared.memory() as memory:
        hits = memory.search(
            query,
            top_k=top_k,
            kinds="auto" if kinds == ("auto",) else kinds,
            filters=_given(filters),
            as_of=as_of,
            reference_time=reference_time,
            min_score=min_score,
            explain=explain or cypher,
        )
    if cypher:
        shared.print([hit.cypher for hit in hits], [show.cypher(hit) for hit in hits])
    else:
        lines = [line for number, hit in enumerate(hits, 1) for line in show.hit_lines(number, hit, explain=explain)]
        shared.print(hits, lines or ["Nothing found."])


@command("recall")
@click.argument("query")
@click.option("--max-tokens", default=2000, show_default=True, help="How long the block may be.")
@asked
def recall(
    shared: _Shared,
    query: str,
    max_tokens: int,
    as_of: str | None,
    reference_time: str | None,
    **filters: str | None,
) -> None:
    """Print one block of context for QUERY, with citations, ready for a prompt.

    \b
    graphmem recall "Where does Ada live?" --max-tokens 500
    """
    with shared.memory() as memory:
        context = memory.recall(
            query, max_tokens=max_tokens, filters=_given(filters), as_of=as_of, reference_time=reference_time
        )
    shared.print(context, [context.text])


@command("facts")
@click.argument("subject", required=False)
@click.option("--predicate", help="Such as 'live in'.")
@click.option("--object", help="A name or uuid.")
@click.option("--as-of", help="What was true at this time; now if not given.")
@click.option("--known-at", help="What was known at this time; now if not given.")
@click.option("--all", "include_invalid", is_flag=True, help="Also what is over, negated or only possible.")
@click.option("--sources", "with_sources", is_flag=True, help="Show who says so.")
def facts(shared: _Shared, with_sources: bool, **given: Any) -> None:
    """Print the facts that hold, of SUBJECT if given.

    \b
    graphmem facts Ada --predicate "live in" --as-of 1840-01-01 --sources
    """
    with shared.memory() as memory:
        found = memory.facts(**given)
        sources = memory.sources(found) if with_sources else {}
    lines = [line for fact in found for line in (show.fact_line(fact), *show.source_lines(sources.get(fact.uuid, ())))]
    shared.print({"facts": found, "sources": sources} if with_sources else found, lines or ["No facts."])


@command("history")
@click.argument("fact")
@click.argument("predicate", required=False)
@click.argument("object", required=False)
def history(shared: _Shared, fact: str, predicate: str | None, object: str | None) -> None:
    """Print all versions of FACT, a uuid, or of what is said of a subject by PREDICATE [and OBJECT].

    \b
    graphmem history "Ada Berg" "live in" London
    """
    with shared.memory() as memory:
        if predicate is None:
            found = [memory.history(fact)]
        else:
            stated = memory.facts(subject=fact, predicate=predicate, object=object, include_invalid=True)
            found = list(dict.fromkeys(memory.history(one) for one in stated))
    shared.print(found, "\n\n".join(map(str, found)).splitlines() or ["No facts."])


@command("timeline")
@click.argument("name")
@click.option("--start", help="From this time on.")
@click.option("--end", help="Before this time.")
def timeline(shared: _Shared, name: str, **span: str | None) -> None:
    """Print what is told of NAME (a name, an alias or a uuid) in order of time.

    \b
    graphmem timeline "Ada Lovelace" --start 1835-01-01 --end 1852-12-31
    """
    with shared.memory() as memory:
        found = memory.timeline(name, **span)
    shared.print(found, [str(found)] if found else ["Nothing is told."])


@command("diff")
@click.argument("start")
@click.argument("end")
@click.option("--entity", help="Only what is about this name or uuid.")
def diff(shared: _Shared, start: str, end: str, entity: str | None) -> None:
    """Print what began, ended, was learned and was corrected from START up to END.

    \b
    graphmem diff 2023-05-01 2023-06-01 --entity Ada
    """
    with shared.memory() as memory:
        found = memory.diff(start, end, entity=entity)
    shared.print(found, [str(found)])


@command("conflicts")
def conflicts(shared: _Shared) -> None:
    """Print the facts that contradict each other where no rule decides, and who says so."""
    with shared.memory() as memory:
        found = memory.conflicts()
    shared.print(found, "\n\n".join(map(str, found)).splitlines() or ["No conflicts."])


@command("settle")
@click.argument("uuid")
@click.option("--reason", help="Why; it is kept with the decision.")
def settle(shared: _Shared, uuid: str, reason: str | None) -> None:
    """Decide a conflict for the fact UUID; the decision is kept as an episode."""
    with shared.memory() as memory:
        added = memory.settle(uuid, reason=reason)
        text = memory.episode(added.uuids[0]).text
    shared.print(added, [text])


@command("events")
@click.argument("participant", required=False)
@click.option("--start", help="From this time on.")
@click.option("--end", help="Before this time.")
@click.option("--place", help="Where.")
@click.option("--status", type=click.Choice(STATUSES), help="What has become of it.")
@click.option("--known-at", help="What was known at this time; now if not given.")
def events(shared: _Shared, **given: Any) -> None:
    """Print what happened or is to happen, to PARTICIPANT if given.

    \b
    graphmem events Ada --status planned
    """
    with shared.memory() as memory:
        found = memory.events(**given)
    shared.print(found, [show.event_line(event) for event in found] or ["No events."])


@command("periods")
@click.option("--level", type=click.Choice(LEVELS), help="Only periods as long as this.")
@click.option("--start", help="From this time on.")
@click.option("--end", help="Before this time.")
def periods(shared: _Shared, **given: Any) -> None:
    """Print the days, months and years in which something was said or happened, how much, and what."""
    with shared.memory() as memory:
        found = memory.periods(**given)
    lines = [line for one in found for line in (show.period_line(one), *show.summary_lines(one.summary, one.name))]
    shared.print(found, lines or ["No periods."])


@command("consolidate")
@click.option("--rebuild", is_flag=True, help="Build all of it anew, and not from what there is.")
def consolidate(shared: _Shared, rebuild: bool) -> None:
    """Bring communities, topics and summaries up to date with what was added; the same command goes on."""
    with shared.memory() as memory:
        done = memory.build_communities() if rebuild else memory.consolidate()
    shared.print(done, show.consolidated_lines(done))


@command("communities")
@click.option("--level", type=click.IntRange(min=0), help="Only of this level: 0 for those of entities.")
def communities(shared: _Shared, level: int | None) -> None:
    """Print the communities of entities, the highest level first, and what they are about."""
    with shared.memory() as memory:
        found = memory.communities(level=level)
    lines = [line for one in found for line in (show.community_line(one), *show.summary_lines(one.summary))]
    shared.print(found, lines or [UNCONSOLIDATED])


@command("topics")
@click.argument("session", required=False)
def topics(shared: _Shared, session: str | None) -> None:
    """Print what the sessions were about, or SESSION."""
    with shared.memory() as memory:
        found = memory.topics(session=session)
    lines = [line for one in found for line in (show.topic_line(one), *show.summary_lines(one.summary))]
    shared.print(found, lines or [UNCONSOLIDATED])


@command("summary")
@click.argument("of")
def summary(shared: _Shared, of: str) -> None:
    """Print the summary of OF: a period (2023-05), a session or an entity by name, or anything by its uuid."""
    with shared.memory() as memory:
        found = memory.summary(of)
    shared.print(found, [found.text])


@command("entity")
@click.argument("name")
def entity(shared: _Shared, name: str) -> None:
    """Print what is known of NAME (a name, an alias or a uuid).

    \b
    graphmem entity "Ada Lovelace"
    """
    with shared.memory() as memory:
        found = memory.entity(name)
        about = [*memory.facts(subject=found.uuid), *memory.facts(object=found.uuid)]
        happened = memory.events(participant=found.uuid)
    shared.print(
        {"entity": found, "facts": about, "events": happened},
        [
            *show.entity_lines(found),
            *(f"  {show.fact_line(fact)}" for fact in about),
            *(f"  {show.event_line(event)}" for event in happened),
        ],
    )


@command("stats")
def stats(shared: _Shared) -> None:
    """Print where the memory is and how much it holds."""
    with shared.memory() as memory:
        found = memory.stats()
    counts = [f"{count:>8,} {show.plural(kind, count)}" for kind, count in found.counts.items()]
    merged = [f"{found.merged:>8,} of the entities merged into another"] if found.merged else []
    shared.print(found, [f"{found.store}, group {found.group_id!r}, revision {found.revision}", *counts, *merged])


@command("copy")
@click.argument("source")
@click.argument("target")
def copy(shared: _Shared, source: str, target: str) -> None:
    """Copy the memory SOURCE to TARGET, and compare them; each is a file, or a bolt:// or neo4j:// address.

    Every time stamp stays as it was, and so do the vectors, unless --model names a model to make them anew. What TARGET
    has already stays, so the same command goes on after an interruption. Exits with 1 if TARGET is not the same then.

    \b
    graphmem copy notes.db neo4j://localhost
    """
    if shared.store is not None:
        raise InvalidInput(f"copy takes SOURCE and TARGET, and no --store {shared.store}: leave it out")
    with Memory(source, group_id=shared.group, create=False) as memory, steps(quiet=shared.as_json) as progress:
        try:
            copied = memory.copy_to(target, model=shared.model, progress=progress)
        except KeyboardInterrupt:
            click.echo("Stopped: whole batches are stored. The same command goes on from there.", err=True)
            sys.exit(130)
    shared.print(copied, show.copied_lines(copied))
    if not copied.same:
        sys.exit(1)


@command("export")
@click.argument("file", type=click.Path(dir_okay=False))
def export(shared: _Shared, file: str) -> None:
    """Write the memory to FILE as JSON lines, compressed if its name ends in .gz, or for other programs.

    A FILE that ends in .graphml has entities, values and facts for Gephi and the like, one that ends in .cypher is a
    script for Neo4j; import reads neither.

    \b
    graphmem export notes.jsonl.gz
    """
    with shared.memory() as memory, steps(quiet=shared.as_json) as progress:
        if file.endswith(".graphml"):
            memory.to_graphml(file)
            count = sum(memory.stats().counts[kind] for kind in ("entity", "value", "fact"))
        elif file.endswith(".cypher"):
            count = memory.to_cypher(file)
        else:
            count = memory.export(file, progress=progress)
    what = "statements" if file.endswith(".cypher") else "records"
    shared.print({"file": file, what: count}, [f"Exported {count:,} {what} to {file}"])


@command("import")
@click.argument("file", type=click.Path(dir_okay=False))
def import_(shared: _Shared, file: str) -> None:
    """Read FILE, which export wrote, into the memory; the same command goes on after an interruption."""
    with shared.memory(create=True) as memory, steps(quiet=shared.as_json) as progress:
        added = memory.import_(file, progress=progress)
        address = memory.stats().store
    shared.print(added, [show.added_line(added, address)])


@command("doctor")
@click.option("--repair", is_flag=True, help="Mend what follows from records that are there; never touches texts.")
@click.option("--dry-run", is_flag=True, help="Only tell what --repair would do.")
def doctor(shared: _Shared, repair: bool, dry_run: bool) -> None:
    """Look for what should not be in the store, and for conflicts.

    Exits with 0 if all is well or mended, and with 1 if there is damage.
    """
    with shared.memory() as memory, steps(quiet=shared.as_json) as progress:
        findings = memory.doctor(repair=repair and not dry_run, progress=progress)
    shared.print(findings, [show.finding_line(finding) for finding in findings] or ["All is well."])
    if any(finding.damage and not finding.mended for finding in findings):
        sys.exit(1)


@command("browser")
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(), help="Write favourites, a style and a guide to this folder.")
@click.option("--force", is_flag=True, help="Overwrite files there that are different.")
def browser(shared: _Shared, names: tuple[str, ...], out: str | None, force: bool) -> None:
    """Print the saved questions for Neo4j Browser, or those with NAMES ready to run; no memory is opened."""
    if out is not None:
        shared.print(*kit.written(out, group_id=shared.group, force=force))
    else:
        found = kit.named(names)
        shared.print(found, [q.favourite(group_id=shared.group) for q in found] if names else kit.overview())


@command("migrate")
@click.option("--dry-run", is_flag=True, help="Only tell what there is to do.")
def migrate(shared: _Shared, dry_run: bool) -> None:
    """Bring the database to the schema of this graphmem, all tenants; the same command goes on after an interruption.

    Stop other programs that write to it with an older graphmem before.
    """
    address = shared.store or Settings.read().address
    total = 0 if shared.as_json or dry_run else bring_up(address, dry_run=True).records
    with counting(total, quiet=shared.as_json or dry_run) as advance:
        migration = bring_up(address, dry_run=dry_run, progress=advance)
    shared.print(migration, show.migration_lines(migration))


@command("shell")
def shell(shared: _Shared) -> None:
    """Ask and add line by line, with the models kept warm; lines may also come from a file.

    Exits with 1 if a line that came from a file could not be answered.

    \b
    graphmem shell
    echo "Who moved to London?" | graphmem shell
    """
    failed = False
    with shared.memory(create=True) as memory:
        prompt = Shell(memory)
        for line in asked_for(list(prompt.verbs)):
            try:
                shared.print(*prompt.answer(line))
            except (GraphmemError, KeyboardInterrupt) as error:  # noqa: PERF203 - the next line may be a better one
                click.echo(f"Error: {error}" if str(error) else "Stopped.", err=True)
                failed = True
    if failed and not sys.stdin.isatty():
        sys.exit(1)


@command("demo")
def demo(shared: _Shared) -> None:
    """Remember a short story and answer questions about it, in a store of its own unless --store is given."""
    with TemporaryDirectory() as folder:
        store = shared.store or str(Path(folder, "demo.db"))
        with Memory(store, group_id=shared.group, model=shared.model) as memory:
            told = tell(memory)
            if shared.store is not None:
                memory.consolidate()  # for those who go on to look at it
    shared.print(told, told.lines())
