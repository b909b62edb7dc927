"""The front door in an event loop, from several threads, and interrupted: nothing blocks, nothing is half done."""

import asyncio
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from graphmem import AsyncMemory, InvalidInput, Memory, NotFound, StoreError

NAMES = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hana"]
PATIENCE = 120.0


class Vowels:
    """Stands in for the embedding model: alike texts share vowels. It can be told to wait."""

    def __init__(self):
        self.go = threading.Event()
        self.go.set()
        self.called = threading.Event()

    def encode(self, texts):
        self.called.set()
        assert self.go.wait(PATIENCE)
        return np.array([[text.count(vowel) + 0.1 for vowel in "aeiou"] for text in texts], dtype=np.float32)


def run(main):
    return asyncio.run(asyncio.wait_for(main, PATIENCE * 2))


def texts(memory):
    return sorted(episode.text for episode in memory.episodes())


def notes(count):
    return [
        {"text": f"{NAMES[n % 8]} met {NAMES[(n + 1) % 8]} on day {n}.", "session": f"s{n % 3}"} for n in range(count)
    ]


def test_every_verb_of_memory_is_there():
    def verbs(kind):
        return {name for name, value in vars(kind).items() if not name.startswith("_") and callable(value)}

    assert verbs(AsyncMemory) == verbs(Memory)
    for name in verbs(Memory):
        assert inspect.iscoroutinefunction(getattr(AsyncMemory, name)), name
        assert getattr(AsyncMemory, name).__doc__
    assert inspect.signature(AsyncMemory.search).parameters.keys() == inspect.signature(Memory.search).parameters.keys()


def test_verbs_answer_as_those_of_memory_do(tmp_path):
    async def main():
        async with AsyncMemory(tmp_path / "notes.db", model=Vowels()) as memory:
            added = await memory.add("Ada moved to London in 1835.", reference_time="1843-08-01")
            assert added.new["episode"] == 1
            assert (await memory.search("Who moved to London?"))[0].text == "Ada moved to London in 1835."
            assert (await memory.entity("Ada")).name == "Ada"
            with pytest.raises(NotFound):
                await memory.entity("Nobody")
            with pytest.raises(InvalidInput):
                await memory.search("Who?", top_k=0)
            return await memory.facts(subject="Ada")

    found = run(main())
    with Memory(tmp_path / "notes.db", model=Vowels()) as memory:
        assert memory.facts(subject="Ada") == found


def test_the_loop_goes_on_while_a_model_works():
    model = Vowels()

    async def main():
        async with AsyncMemory(":memory:", model=model) as memory:
            await memory.add("Ada met Ben.")
            model.go.clear()
            model.called.clear()
            asked = asyncio.create_task(memory.search("Who met Ben?"))
            while not model.called.is_set():
                await asyncio.sleep(0.001)
            assert not asked.done()
            model.go.set()  # only a loop that goes on gets here
            return await asked

    assert run(main())[0].text == "Ada met Ben."


def test_reading_does_not_wait_for_what_is_being_written():
    model = Vowels()

    async def main():
        async with AsyncMemory(":memory:", model=model) as memory:
            await memory.add("Ada met Ben.")
            model.go.clear()
            writing = [asyncio.create_task(memory.add(f"Cleo met {name}.")) for name in NAMES]
            assert len(await memory.episodes()) == 1
            model.go.set()
            await asyncio.gather(*writing)
            return await memory.episodes()

    assert len(run(main())) == 9


def test_a_memory_works_inside_a_running_loop():
    async def main():
        with Memory(":memory:", model=Vowels()) as memory:
            memory.add("Ada met Ben.")
            return memory.search("Who met Ben?")[0].text, memory.recall("Who met Ben?").text

    text, context = run(main())
    assert text in context


def test_a_call_that_is_cancelled_leaves_nothing_running_behind():
    model = Vowels()

    async def main():
        async with AsyncMemory(":memory:", model=model) as memory:
            await memory.add(**notes(1)[0])
            model.go.clear()
            model.called.clear()
            adding = asyncio.create_task(memory.add_many(notes(50), batch_size=5))
            while not model.called.is_set():
                await asyncio.sleep(0.001)
            adding.cancel()
            await asyncio.sleep(0.01)
            assert not adding.done()  # the batch that is under way
            model.go.set()
            with pytest.raises(asyncio.CancelledError):
                await adding
            before = await memory.stats()
            assert before.counts["episode"] == 5
            again = await memory.add_many(notes(50), batch_size=5)
            assert again.skipped == 5
            return await memory.episodes()

    with Memory(":memory:", model=Vowels()) as whole:
        whole.add_many(notes(50))
        assert texts(whole) == sorted(episode.text for episode in run(main()))


def test_waiting_calls_can_be_cancelled_before_they_begin():
    model = Vowels()

    async def main():
        async with AsyncMemory(":memory:", model=model) as memory:
            model.go.clear()
            first = asyncio.create_task(memory.add("Ada met Ben."))
            second = asyncio.create_task(memory.add("Cleo met Dora."))
            await asyncio.sleep(0.05)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            model.go.set()
            await first
            return await memory.episodes()

    assert [episode.text for episode in run(main())] == ["Ada met Ben."]


def test_items_come_from_an_asynchronous_iterable_and_progress_is_told_in_the_loop():
    told = []

    async def arriving():
        for note in notes(20):
            await asyncio.sleep(0)
            yield note

    def progress(episodes, characters):
        assert asyncio.get_running_loop()
        told.append(episodes)

    async def main():
        async with AsyncMemory(":memory:", model=Vowels()) as memory:
            added = await memory.add_many(arriving(), batch_size=8, progress=progress)
            await asyncio.sleep(0)
            return added

    assert run(main()).new["episode"] == 20
    assert told == [8, 16, 20]


def test_an_asynchronous_iterable_that_waits_for_ever_can_be_cancelled():
    async def waiting():
        yield "Ada met Ben."
        await asyncio.Event().wait()

    async def failing():
        yield "Ada met Ben."
        raise OSError("the line is dead")

    async def main():
        async with AsyncMemory(":memory:", model=Vowels()) as memory:
            adding = asyncio.create_task(memory.add_many(waiting(), batch_size=1))
            while not (await memory.stats()).counts["episode"]:
                await asyncio.sleep(0.001)
            adding.cancel()
            with pytest.raises(asyncio.CancelledError):
                await adding
            with pytest.raises(OSError, match="dead"):
                await memory.add_many(failing(), batch_size=1)
            return await memory.stats()

    assert run(main()).counts["episode"] == 1


def test_opening_may_fail_or_be_cancelled_and_a_closed_memory_says_so(tmp_path):
    async def main():
        with pytest.raises(StoreError):
            async with AsyncMemory(tmp_path / "nothing.db", create=False):
                pass
        memory = AsyncMemory(":memory:", model=Vowels())
        assert repr(memory) == "<AsyncMemory not open>"
        opening = asyncio.create_task(memory.stats())
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert (await memory.stats()).revision == 0
        await memory.close()
        await memory.close()
        with pytest.raises(StoreError, match="closed"):
            await memory.stats()

    run(main())


def test_many_tasks_write_and_read_one_memory(tmp_path):
    async def main():
        async with AsyncMemory(tmp_path / "notes.db", model=Vowels()) as memory:

            async def write(number):
                for note in notes(40)[number::8]:
                    await memory.add(**note, reference_time="2023-05-08")

            async def read():
                for name in NAMES:
                    await memory.search(f"Whom did {name} meet?")
                    await memory.facts(subject=name)

            await asyncio.gather(*map(write, range(8)), *(read() for _ in range(4)))
            return await memory.doctor()

    assert run(main()) == []
    with Memory(tmp_path / "notes.db", model=Vowels()) as memory, Memory(":memory:", model=Vowels()) as alone:
        alone.add_many([note | {"reference_time": "2023-05-08"} for note in notes(40)])
        assert texts(memory) == texts(alone)
        assert {fact.fact for fact in memory.facts()} == {fact.fact for fact in alone.facts()}


def test_many_threads_write_and_read_one_memory(tmp_path):
    with Memory(tmp_path / "notes.db", model=Vowels()) as memory, ThreadPoolExecutor(8) as threads:

        def work(number):
            for note in notes(40)[number::8]:
                memory.add(**note, reference_time="2023-05-08")
                assert memory.search(note["text"], top_k=1)[0].text == note["text"]
                memory.recall(note["text"], max_tokens=50)
            return len(memory.episodes())

        assert max(threads.map(work, range(8))) == 40
        assert memory.doctor() == []


def test_after_an_interrupt_the_same_call_finishes_the_job():
    def interrupted():
        yield from notes(30)[:17]
        raise KeyboardInterrupt

    with Memory(":memory:", model=Vowels()) as memory:
        with pytest.raises(KeyboardInterrupt):
            memory.add_many(interrupted(), batch_size=5)
        assert memory.stats().counts["episode"] == 15
        assert memory.add_many(notes(30), batch_size=5).skipped == 15
        assert len(memory.episodes()) == 30
        assert memory.doctor() == []


def test_progress_is_shown_as_a_bar_if_asked(capsys):
    with Memory(":memory:", model=Vowels()) as memory:
        memory.add_many(notes(20), batch_size=8, progress=True)
        assert "20 episodes" in capsys.readouterr().err
        memory.add_many(notes(20), batch_size=8, progress=False)
        assert capsys.readouterr().err == ""
