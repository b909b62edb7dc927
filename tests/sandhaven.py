"""The town of the demo, with what it lacks: a meeting that is moved, a contradiction, names that are one, a rumour."""

from __future__ import annotations

from graphmem import Memory
from graphmem.cli.demo import story

RUMOUR = "Ines Duarte sold the bakery."


def tell(memory: Memory) -> None:
    """Remember the story of the clock, some notes about the town, and a rumour that is taken back; consolidated."""
    memory.add_many(story())
    notes = (
        ("2023-05-01", "calendar", "The meeting of the Sandhaven Trust is on 8 May 2023."),
        ("2023-05-05", "calendar", "The meeting of the Sandhaven Trust was moved to 15 May 2023."),
        ("2023-06-01", "police", "Colin Harkness lives in Redruth."),
        ("2023-06-01", "sandhaven-gazette", "Colin Harkness lives in Truro."),
        ("2023-06-02", "notebook", "Ines Duarte lived in Porto. She moved to Sandhaven in 2012."),
        ("2023-06-03", "notebook", "Gannet Press Ltd. sent Nora Whitlock a contract."),
        ("2023-07-01", "market", RUMOUR),
    )
    added = memory.add_many({"text": text, "reference_time": day, "source": who} for day, who, text in notes)
    memory.delete_episode(added.uuids[-1])
    memory.consolidate()
