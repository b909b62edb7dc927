"""The front door for programs with an event loop: the verbs of `Memory` as coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable, Callable, Coroutine, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial, wraps
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from graphmem.errors import StoreError
from graphmem.ingest import Progress
from graphmem.memory import Memory
from graphmem.results import Added

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 4
"""So many calls that only read run at once; those that write run one after the other, in a thread of their own."""


def _verb(
    method: Callable[Concatenate[Memory, P], R], *, writes: bool = False
) -> Callable[Concatenate[AsyncMemory, P], Coroutine[Any, Any, R]]:
    """Return a verb of `Memory` as a coroutine, with its arguments and its documentation."""

    @wraps(method)
    async def verb(self: AsyncMemory, /, *args: P.args, **kwargs: P.kwargs) -> R:
        memory = await self._opened()
        threads = self._writer if writes else self._readers
        return await _done(threads, partial(method, memory, *args, **kwargs))

    return verb


class AsyncMemory:
    """A `Memory` whose verbs are coroutines; it takes the same arguments, and is opened when it is first used.

    Models and store work in threads, so that the event loop goes on. A call that is cancelled comes back when the step
    that is under way is done: of `add_many` that is one batch, which is stored whole, and the same call goes on
    from there. One memory serves one event loop.

    >>> import asyncio
    >>> async def main() -> str:
    ...     async with AsyncMemory(":memory:") as memory:
    ...         await memory.add("Ada Lovelace lived in London.")
    ...         return (await memory.search("Where did Ada live?"))[0].text
    >>> asyncio.run(main())
    'Ada Lovelace lived in London.'
    """

    def __init__(self, store: str | Path | None = None, **options: Any) -> None:
        self._open = partial(Memory, store, **options)
        self._memory: Memory | None = None
        self._opening = asyncio.Lock()
        self._closed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="graphmem-writer")
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="graphmem-reader")

    add = _verb(Memory.add, writes=True)
    add_triplets = _verb(Memory.add_triplets, writes=True)
    delete_episode = _verb(Memory.delete_episode, writes=True)
    search = _verb(Memory.search)
    recall = _verb(Memory.recall)
    facts = _verb(Memory.facts)
    episodes = _verb(Memory.episodes)
    events = _verb(Memory.events)
    periods = _verb(Memory.periods)
    communities = _verb(Memory.communities)
    topics = _verb(Memory.topics)
    summary = _verb(Memory.summary)
    entities = _verb(Memory.entities)
    entity = _verb(Memory.entity)
    split = _verb(Memory.split, writes=True)
    episode = _verb(Memory.episode)
    stats = _verb(Memory.stats)
    doctor = _verb(Memory.doctor, writes=True)
    history = _verb(Memory.history)
    sources = _verb(Memory.sources)
    timeline = _verb(Memory.timeline)
    diff = _verb(Memory.diff)
    conflicts = _verb(Memory.conflicts)
    settle = _verb(Memory.settle, writes=True)
    strength = _verb(Memory.strength)
    pin = _verb(Memory.pin, writes=True)
    unpin = _verb(Memory.unpin, writes=True)
    associated = _verb(Memory.associated)
    consolidate = _verb(Memory.consolidate, writes=True)
    build_communities = _verb(Memory.build_communities, writes=True)
    to_networkx = _verb(Memory.to_networkx)
    to_igraph = _verb(Memory.to_igraph)
    to_graphml = _verb(Memory.to_graphml)
    to_cypher = _verb(Memory.to_cypher)
    draw = _verb(Memory.draw)
    plot_timeline = _verb(Memory.plot_timeline)
    plot_growth = _verb(Memory.plot_growth)
    plot_communities = _verb(Memory.plot_communities)
    refresh = _verb(Memory.refresh)
    copy_to = _verb(Memory.copy_to)
    export = _verb(Memory.export)
    import_ = _verb(Memory.import_, writes=True)

    async def add_many(
        self,
        episodes: Iterable[object] | AsyncIterable[object],
        *,
        batch_size: int = 64,
        progress: Progress | bool | None = None,
        consolidate: bool = False,
    ) -> Added:
        """Remember many items, as `Memory.add_many` does; they may also come from an asynchronous iterable.

        Once it is cancelled no further item is asked for. `progress` is called in the event loop.
        """
        memory = await self._opened()
        loop = asyncio.get_running_loop()
        items = _Items(episodes, loop)

        def told(episodes: int, characters: int) -> None:
            if callable(progress):
                loop.call_soon_threadsafe(progress, episodes, characters)

        shown = told if callable(progress) else progress
        call = partial(memory.add_many, items, batch_size=batch_size, progress=shown, consolidate=consolidate)
        return await _done(self._writer, call, stop=items.stop)

    async def close(self) -> None:
        """Let go of the store, once what is under way is done; closing twice is fine."""
        async with self._opening:
            if self._closed:
                return
            self._closed = True
        if self._memory is not None:
            await _done(self._writer, self._memory.close)
        self._writer.shutdown(wait=False)
        self._readers.shutdown(wait=False)

    async def __aenter__(self) -> AsyncMemory:
        await self._opened()
        return self

    async def __aexit__(
        self, type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<AsyncMemory {'not open' if self._memory is None else repr(self._memory)[8:-1]}>"

    async def _opened(self) -> Memory:
        async with self._opening:
            if self._closed:
                raise StoreError("this memory is closed: open it again with AsyncMemory(...)")
            if self._memory is None:
                await _done(self._writer, self._start)
            return cast(Memory, self._memory)

    def _start(self) -> None:
        self._memory = self._open()


async def _done(threads: ThreadPoolExecutor, call: Callable[[], R], *, stop: Callable[[], object] | None = None) -> R:
    """Make a call in a thread; if it is cancelled, wait until it has ended, so that nothing goes on behind."""
    job = threads.submit(copy_context().run, call)
    done = asyncio.wrap_future(job)
    try:
        await asyncio.wait([done])
    except asyncio.CancelledError:
        if stop is not None:
            stop()
        if not job.cancel():
            await asyncio.wait([done])
            done.exception()
        raise
    return done.result()


class _Items:
    """Items, pulled from an event loop where they come from one, until somebody stops it."""

    def __init__(self, items: Iterable[object] | AsyncIterable[object], loop: asyncio.AbstractEventLoop) -> None:
        self._items = items
        self._loop = loop
        self._asking = threading.Lock()
        self._stopped = False
        self._next: Future[object] | None = None

    def stop(self) -> None:
        """Give no further item."""
        with self._asking:
            self._stopped = True
            if self._next is not None:
                self._next.cancel()

    def __iter__(self) -> Iterator[object]:
        for item in self._pulled(self._items) if isinstance(self._items, AsyncIterable) else self._items:
            if self._stopped:
                raise CancelledError
            yield item

    def _pulled(self, items: AsyncIterable[object]) -> Iterator[object]:
        source, end = aiter(items), object()

        async def one() -> object:
            return await anext(source, end)

        while True:
            with self._asking:
                if self._stopped:
                    raise CancelledError
                self._next = asyncio.run_coroutine_threadsafe(one(), self._loop)
            if (item := self._next.result()) is end:
                return
            yield item
