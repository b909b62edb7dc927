"""A language model writes summaries anew, behind a server that speaks the real protocol, and must cite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("openai", reason="the openai client is not installed: pip install 'graphmem[llm]'")

from llm_server import KEY, MODEL, LlmServer, failure, serving

from graphmem.lifecycle.rewriting import LlmRewriter
from graphmem.lifecycle.summaries import Content, Line, rewritten
from graphmem.model import utc

GIVEN = Content(
    title="Ada and Ben: meet",
    lines=(
        Line("Ada: I met Ben in Aberdeen yesterday [7 May 2023].", ("e1",), ("f1",)),
        Line("Ada: We met at the harbour of Aberdeen.", ("e2",)),
        Line("Ben: Nice to see you there.", ("e3",)),
    ),
    valid_at=utc("2023-05-08"),
    invalid_at=utc("2023-05-08"),
    episodes=("e1", "e2", "e3", "e4"),
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LlmServer]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        yield running


def rewrite(server: LlmServer, *sentences: tuple[str, list[int]]) -> Content:
    lines = [{"text": text, "made_of": made_of} for text, made_of in sentences]
    server.answers[GIVEN.title] = {"lines": lines}
    return rewritten(GIVEN, LlmRewriter(MODEL, base_url=server.url, api_key=KEY, max_retries=0))


def test_a_model_joins_lines_and_its_sentence_cites_what_they_cite(server: LlmServer) -> None:
    new = rewrite(server, ("On 7 May 2023 Ada met Ben at the harbour of Aberdeen.", [2, 1]))
    assert new.lines == (Line("On 7 May 2023 Ada met Ben at the harbour of Aberdeen.", ("e1", "e2"), ("f1",)),)
    assert (new.title, new.episodes, new.warnings) == (GIVEN.title, ("e1", "e2", "e4"), ())
    assert server.refused == []


@pytest.mark.parametrize(
    ("text", "made_of", "problem"),
    [
        ("Ada met Ben in Paris.", [1], "names 'paris'"),
        ("Ada met Ben.", [], "cites no episode"),
        ("Ada met Ben.", [7], "cites line 7"),
        ("On 9 May 2023 Ada met Ben.", [1], "names '9'"),
    ],
)
def test_what_the_lines_do_not_say_is_not_taken(server: LlmServer, text: str, made_of: list[int], problem: str) -> None:
    new = rewrite(server, (text, made_of))
    assert (new.lines, new.episodes) == (GIVEN.lines, GIVEN.episodes)
    assert problem in new.warnings[0]


def test_a_server_that_fails_leaves_the_summary_as_it_was(server: LlmServer) -> None:
    server.instead.append(lambda: failure(500, "out of memory", code=None))
    new = rewrite(server, ("Ada met Ben.", [1]))
    assert new.lines == GIVEN.lines
    assert "HTTP 500" in new.warnings[0]
