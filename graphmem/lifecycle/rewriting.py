"""A language model that rewrites summaries, for those who want one; what it may not say is checked by `rewritten`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from graphmem.errors import ModelError
from graphmem.extract.llm import Llm
from graphmem.lifecycle.summaries import Content, Line

INSTRUCTIONS = """\
You get a summary as a JSON object: a title, the span of time, and numbered lines. Write the same anew, so that it reads
well: join what belongs together, leave out what repeats. Say nothing that the lines do not say, name nobody and nothing
that they do not name, keep every date as it is, and what is over as over. Use no more words than the lines have
together. Under "lines", give each of your sentences with the numbers of all lines that it is made of.
"""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Sentence(_Answer):
    text: str
    made_of: list[int] = Field(description="the numbers of the lines that say so")


class Rewritten(_Answer):
    """A summary in other words."""

    lines: list[_Sentence]


class LlmRewriter(Llm):
    """Rewrites summaries with a language model; the arguments are those of `LlmExtractor`."""

    def rewrite(self, summary: Content) -> Sequence[Line]:
        """Return the lines in other words; raises `ModelError` where the server or the model fails."""
        what = f"the summary {summary.title!r:.60}"
        question = {
            "title": summary.title,
            "time": summary.span,
            "lines": {str(number): line.text for number, line in enumerate(summary.lines, start=1)},
        }
        answer = self._ask_for(Rewritten, question, instructions=INSTRUCTIONS, what=what)
        return [_line(summary, sentence, what) for sentence in answer.lines]


def _line(summary: Content, sentence: _Sentence, what: str) -> Line:
    if strange := [number for number in sentence.made_of if not 0 < number <= len(summary.lines)]:
        raise ModelError(f"the model cites line {strange[0]} of {what}, which has {len(summary.lines)}")
    sources = [summary.lines[number - 1] for number in sorted(set(sentence.made_of))]
    episodes = dict.fromkeys(uuid for line in sources for uuid in line.episodes)
    facts = dict.fromkeys(uuid for line in sources for uuid in line.facts)
    return Line(" ".join(sentence.text.split()), tuple(episodes), tuple(facts))
