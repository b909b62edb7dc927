"""A language model as extractor, behind a server that speaks the real protocol."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

pytest.importorskip("openai", reason="the openai client is not installed: pip install 'graphmem[llm]'")

from llm_server import EMPTY, KEY, MODEL, LlmServer, Reply, completion, failure, serving

from graphmem import Episode, Extraction, InvalidInput, Memory, ModelError
from graphmem.extract import explain
from graphmem.extract.llm import LlmExtractor

NOW = datetime(2023, 6, 14, tzinfo=timezone.utc)
TEXT = "Ada  Lovelace moved to London in 1835.\nThere she worked with charles babbage. I have never met her."
ANSWER = {
    "entities": [
        {"name": "Ada Lovelace", "other_names": ["she", "Lovelace"], "type": "PERSON"},
        {"name": "London", "other_names": [], "type": "LOC"},
        {"name": "Charles Babbage", "other_names": [], "type": "PERSON"},
        {"name": "Lord Byron", "other_names": ["Byron"], "type": "PERSON"},
    ],
    "facts": [
        {
            "sentence": "Ada Lovelace moved to London in 1835.",
            "subject": {"text": "Ada Lovelace", "entity": "Ada Lovelace"},
            "predicate": "move to",
            "object": {"text": "London", "entity": "London"},
            "negated": False,
            "modality": "asserted",
            "when": "in 1835",
        },
        {
            "sentence": "There she worked with Charles Babbage",
            "subject": {"text": "she", "entity": "Ada Lovelace"},
            "predicate": "work with",
            "object": {"text": "Charles Babbage", "entity": "Charles Babbage"},
            "negated": False,
            "modality": "asserted",
            "when": None,
        },
        {
            "sentence": "I have never met her.",
            "subject": {"text": "I", "entity": "Ravi"},
            "predicate": "meet",
            "object": {"text": "her", "entity": "Ada Lovelace"},
            "negated": True,
            "modality": "asserted",
            "when": None,
        },
        {
            "sentence": "She was the daughter of Lord Byron.",
            "subject": {"text": "she", "entity": "Ada Lovelace"},
            "predicate": "be daughter of",
            "object": {"text": "Lord Byron", "entity": "Lord Byron"},
            "negated": False,
            "modality": "asserted",
            "when": None,
        },
    ],
    "events": [
        {
            "text": "Ada Lovelace moved to London in 1835",
            "predicate": "move",
            "participants": [
                {"role": "agent", "part": {"text": "Ada Lovelace", "entity": "Ada Lovelace"}},
                {"role": "goal", "part": {"text": "London", "entity": "London"}},
                {"role": "companion", "part": {"text": "her mother", "entity": "Lady Byron"}},
            ],
            "place": None,
            "negated": False,
            "modality": "asserted",
            "tense": "past",
            "when": "1835",
        }
    ],
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LlmServer]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        running.answers[TEXT] = ANSWER
        yield running


def extractor(server: LlmServer, **given: Any) -> LlmExtractor:
    return LlmExtractor(MODEL, **{"base_url": server.url, "api_key": KEY, "max_retries": 0, **given})


def episode(text: str, **given: Any) -> Episode:
    return Episode(group_id="g", text=text, reference_time=NOW, created_at=NOW, **given)


def read(server: LlmServer, text: str = TEXT, **given: Any) -> Extraction:
    return extractor(server).extract([episode(text, **given)])[0]


def quoting(text: str, *facts: tuple[str, str, str], **names: str) -> dict[str, Any]:
    """An answer that states facts in a text about the entities in it."""
    return {
        "entities": [{"name": name.replace("_", " "), "other_names": [], "type": type} for name, type in names.items()],
        "facts": [
            {
                "sentence": text,
                "subject": {"text": subject, "entity": subject},
                "predicate": predicate,
                "object": {"text": object, "entity": object if object in names else None},
                "negated": False,
                "modality": "asserted",
                "when": None,
            }
            for subject, predicate, object in facts
        ],
        "events": [],
    }


# What is understood


def test_what_the_model_quotes_gets_its_place_in_the_text(server: LlmServer) -> None:
    found = read(server, speaker="Ravi")
    assert [(fact.subject.name, fact.predicate, fact.object.name) for fact in found.facts] == [
        ("Ada Lovelace", "move to", "London"),
        ("Ada Lovelace", "work with", "charles babbage"),
        ("Ravi", "meet", "Ada Lovelace"),
    ]
    for fact in found.facts:
        for part in (fact.subject, fact.object):
            assert " ".join(TEXT[part.start : part.end].split()) == part.text
    assert found.facts[2].negated
    assert [(named.name, TEXT[named.start : named.end], named.pronoun) for named in found.mentions] == [
        ("Ada Lovelace", "Ada  Lovelace", False),
        ("London", "London", False),
        ("Ada Lovelace", "she", True),
        ("charles babbage", "charles babbage", False),
        ("Ravi", "I", True),
        ("Ada Lovelace", "her", True),
    ]
    assert [TEXT[start:end] for start, end in found.sentences] == [
        "Ada  Lovelace moved to London in 1835.",
        "There she worked with charles babbage.",
        "I have never met her.",
    ]


def test_times_are_understood_by_rules_and_not_by_the_model(server: LlmServer) -> None:
    found = read(server, speaker="Ravi")
    [time] = found.times
    [event] = found.events
    assert (time.text, time.granularity) == ("1835", "year")
    assert (event.valid_at, event.invalid_at, event.anchor) == (time.valid_at, time.invalid_at, "explicit")
    assert found.facts[0].valid_at == time.valid_at
    assert found.facts[0].invalid_at is None


def test_what_is_not_in_the_text_is_left_out_and_counted(server: LlmServer) -> None:
    found = read(server, speaker="Ravi")
    assert "Byron" not in found.model_dump_json()
    assert [role for role, _ in found.events[0].participants] == ["agent", "goal"]
    assert [piece.reason for piece in found.left_out] == ["not in the text"] * 2


def test_whom_nobody_named_is_no_subject(server: LlmServer) -> None:
    text = "Somebody lives in Rome."
    answer = quoting(text, ("Somebody", "live in", "Rome"), Rome="LOC")
    answer["facts"][0]["subject"]["entity"] = None
    server.answers[text] = answer
    found = read(server, text)
    assert found.facts == ()
    assert [piece.reason for piece in found.left_out] == ["about nothing named"]


def test_two_people_with_one_first_name_stay_two(server: LlmServer) -> None:
    text = "Ann Lee met Ann Carter. Ann laughed."
    answer = quoting(text, ("Ann Lee", "meet", "Ann Carter"))
    answer["entities"] = [
        {"name": name, "other_names": ["Ann"], "type": "PERSON"} for name in ("Ann Lee", "Ann Carter")
    ]
    server.answers[text] = answer
    assert {named.name for named in read(server, text).mentions} == {"Ann Lee", "Ann Carter"}


def test_the_text_has_the_last_word_on_whom_a_name_means(server: LlmServer) -> None:
    text = "Ben moved to Rome."
    answer = quoting(text, ("Ben", "move to", "Rome"), Ben="PERSON", Rome="LOC")
    answer["facts"][0]["object"]["entity"] = "Ben"
    server.answers[text] = answer
    [fact] = read(server, text).facts
    assert (fact.subject.name, fact.object.name) == ("Ben", "Rome")


def test_a_name_within_a_longer_word_or_name_is_not_meant(server: LlmServer) -> None:
    text = "Annabel met Ann in New York and in York."
    server.answers[text] = quoting(text, Ann="PERSON", York="LOC", New_York="LOC")
    assert [(named.start, named.name) for named in read(server, text).mentions] == [
        (12, "Ann"),
        (19, "New York"),
        (35, "York"),
    ]


@pytest.mark.parametrize(
    ("value", "kind"), [("3 boats", "number"), ("June 2021", "date"), ("Moby-Dick", "quote"), ("happy", "text")]
)
def test_what_is_no_entity_is_a_value(server: LlmServer, value: str, kind: str) -> None:
    text = 'Ann got 3 boats and "Moby-Dick" in June 2021 and was happy.'
    server.answers[text] = quoting(text, ("Ann", "get", value), Ann="PERSON")
    [fact] = read(server, text).facts
    assert (fact.object.name, fact.object.text, fact.object.literal) == (None, value, kind)


@pytest.mark.parametrize(
    ("when", "since", "until"),
    [
        ("since 2019", 2019, None),
        ("until 2020", None, 2021),
        ("from 2010 to 2014", 2010, 2015),
        ("for three years", None, None),
        ("when the sun shone", None, None),
    ],
)
def test_facts_hold_as_long_as_the_quoted_time_says(
    server: LlmServer, when: str, since: int | None, until: int | None
) -> None:
    text = f"Ann lived in Rome {when}."
    answer = quoting(text, ("Ann", "live in", "Rome"), Ann="PERSON", Rome="LOC")
    answer["facts"][0]["when"] = when
    server.answers[text] = answer
    [fact] = read(server, text).facts
    assert (fact.valid_at and fact.valid_at.year, fact.invalid_at and fact.invalid_at.year) == (since, until)


# What is asked


def test_the_model_is_asked_in_strict_mode_and_told_what_is_known(server: LlmServer) -> None:
    read(server, speaker="Ravi", addressee="Leela", metadata={"title": "A notebook"})
    assert server.refused == []
    [request] = server.requests
    assert request["temperature"] == 0
    assert json.loads(request["messages"][1]["content"]) == {
        "text": TEXT,
        "speaker": "Ravi",
        "addressee": "Leela",
        "title": "A notebook",
        "time": "2023-06-14T00:00+00:00",
    }


def test_a_model_that_takes_no_temperature_is_sent_none(server: LlmServer) -> None:
    extractor(server, temperature=None).extract([episode(TEXT)])
    assert "temperature" not in server.requests[0]


def test_many_episodes_come_back_in_order_and_not_all_are_asked_at_once(server: LlmServer) -> None:
    texts = [f"Ann{number} lives in Rome." for number in range(12)]
    for text in texts:
        name = text.split()[0]
        server.answers[text] = quoting(text, (name, "live in", "Rome"), **{name: "PERSON", "Rome": "LOC"})
    found = extractor(server, concurrency=3).extract([episode(text) for text in texts])
    assert [one.facts[0].subject.name for one in found] == [f"Ann{number}" for number in range(12)]
    assert server.most_together <= 3
    assert extractor(server).extract([]) == []


def test_a_busy_server_is_asked_again_when_it_says_so(server: LlmServer) -> None:
    server.instead += [
        lambda: failure(429, "Rate limit reached", code="rate_limit_exceeded", Retry_After="0.05"),
        lambda: failure(500, "The server had an error", code=None, Retry_After="0.05"),
    ]
    assert extractor(server, max_retries=2).extract([episode(TEXT)])[0].facts


# What goes wrong


def broken(content: str | None, **given: Any) -> Callable[[], Reply]:
    return lambda: completion(content, **given)


WRONG: dict[str, tuple[Callable[[], Reply], str]] = {
    "busy": (lambda: failure(429, "Rate limit reached for requests", code="rate_limit_exceeded"), "429.*concurrency="),
    "failed": (lambda: failure(500, "The server had an error", code=None), "500.*try again"),
    "down": (lambda: (503, {"Content-Type": "text/html"}, "<html>no backend</html>"), "503.*try again"),
    "too long": (lambda: failure(400, "maximum context length", code="context_length_exceeded"), "maximum context"),
    "not JSON": (broken('{"entities": ['), "form that it was asked for.*structured output"),
    "prose": (broken("Sure! Here is what I found."), "form that it was asked for"),
    "another form": (broken(json.dumps({"entities": [], "facts": []})), "events.*required"),
    "a word of its own": (
        broken(json.dumps({**EMPTY, "entities": [{"name": "Ann", "other_names": [], "type": "CAT"}]})),
        "entities.0.type",
    ),
    "cut off": (broken('{"entities": [', finish_reason="length"), "middle of its answer"),
    "filtered": (broken("", finish_reason="content_filter"), "filtered"),
    "refused": (broken(None, refusal="I cannot help with that."), "refuses.*I cannot help"),
    "empty": (broken(""), "empty answer"),
    "no choice": (broken("", choices=0), "check base_url="),
    "a web page": (lambda: (200, {"Content-Type": "text/html"}, "<html>hello</html>"), "check base_url="),
    "broken JSON": (lambda: (200, {"Content-Type": "application/json"}, '{"id": '), "check base_url="),
    "other JSON": (lambda: (200, {"Content-Type": "application/json"}, "[1]"), "check base_url="),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_said_with_the_next_step(server: LlmServer, name: str) -> None:
    reply, said = WRONG[name]
    server.instead.append(reply)
    with pytest.raises(ModelError, match=f"(?s){said}") as raised:
        read(server)
    assert KEY not in str(raised.value)


def test_a_refused_key_is_not_told_to_anybody(server: LlmServer, caplog: pytest.LogCaptureFixture) -> None:
    secret = "sk-wrong-987654321"
    caplog.set_level(logging.DEBUG)
    asking = extractor(server, api_key=secret)
    with pytest.raises(ModelError, match=r"refuses the key \(HTTP 401\): give api_key=") as raised:
        asking.extract([episode(TEXT)])
    assert secret not in "".join(traceback.format_exception(raised.value))
    assert secret not in repr(asking)
    assert secret not in caplog.text


def test_a_model_that_is_not_there_is_named(server: LlmServer) -> None:
    with pytest.raises(ModelError, match=r"no model 'other'.*404"):
        LlmExtractor("other", base_url=server.url, api_key=KEY).extract([episode(TEXT)])
    with pytest.raises(ModelError, match=r"404.*/v1"):
        extractor(server, base_url=server.url.removesuffix("/v1")).extract([episode(TEXT)])


def test_a_server_that_does_not_answer_is_named_without_its_password(server: LlmServer) -> None:
    nowhere = LlmExtractor(MODEL, base_url="http://ann:secret@127.0.0.1:9/v1", api_key=KEY, max_retries=0)
    assert repr(nowhere) == "<LlmExtractor 'small-model' at http://127.0.0.1:9/v1/>"
    with pytest.raises(ModelError, match=r"http://127\.0\.0\.1:9/v1/ cannot be reached: is it running") as raised:
        nowhere.extract([episode(TEXT)])
    assert "secret" not in "".join(traceback.format_exception(raised.value))


def test_a_server_that_is_too_slow_is_given_up(server: LlmServer) -> None:
    server.instead.append(server.hang)
    with pytest.raises(ModelError, match=r"no answer within 0\.2 seconds: raise timeout="):
        extractor(server, timeout=0.2).extract([episode(TEXT)])


def test_the_first_failure_ends_a_batch(server: LlmServer) -> None:
    server.instead += [lambda: failure(400, "no", code=None)] * 2
    with pytest.raises(ModelError):
        extractor(server, concurrency=1).extract([episode(f"Text {number}.") for number in range(20)])
    assert len(server.requests) < 20
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("graphmem-llm")]


def test_without_a_key_or_a_server_there_is_no_extractor(server: LlmServer) -> None:
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        LlmExtractor(MODEL)


def test_the_key_in_the_environment_is_only_sent_where_it_belongs(
    server: LlmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(ModelError, match="refuses the key"):
        LlmExtractor(MODEL, base_url=server.url).extract([episode(TEXT)])
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert LlmExtractor(MODEL).extract([episode(TEXT)])[0].facts


@pytest.mark.parametrize(
    "given", [{"model": ""}, {"concurrency": 0}, {"max_retries": -1}, {"base_url": "localhost:11434/v1"}], ids=str
)
def test_options_that_make_no_sense_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        LlmExtractor(**{"model": MODEL, "base_url": "http://127.0.0.1:9/v1", **given})


# In the house


def test_a_memory_reads_with_it(server: LlmServer) -> None:
    with Memory(":memory:", extractor=extractor(server)) as memory:
        added = memory.add(TEXT, speaker="Ravi")
        assert added.left_out == {"not in the text": 2}
        assert {fact.fact for fact in memory.facts(subject="Ada Lovelace")} == {
            "Ada Lovelace lives in London",
            "Ada Lovelace moves to London",
            "Ada Lovelace works with charles babbage",
        }
        assert [event.valid_at.year for event in memory.events(participant="Ada Lovelace")] == [1835]


def test_nothing_is_half_stored_when_it_fails(server: LlmServer) -> None:
    with Memory(":memory:", extractor=extractor(server, concurrency=1)) as memory:
        texts = ["Ann lives in Rome.", "Ben left.", "Cy stayed."]
        server.instead += [lambda: completion(json.dumps(EMPTY)), lambda: failure(500, "no", code=None)]
        with pytest.raises(ModelError):
            memory.add_many(texts)
        assert set(memory.stats().counts.values()) == {0}
        assert memory.add_many(texts).new["episode"] == 3


def test_what_it_understands_can_be_explained(server: LlmServer) -> None:
    explanation = explain(TEXT, speaker="Ravi", extractor=extractor(server))
    assert "Ada Lovelace → work with → charles babbage" in str(explanation)
    with pytest.raises(InvalidInput, match="LlmExtractor"):
        explanation.tree()


def test_the_client_is_not_imported_before_it_is_used() -> None:
    program = "import sys, graphmem.extract.llm; print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_missing_client_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModelError, match=r"pip install 'graphmem\[llm\]'"):
        LlmExtractor(MODEL)
