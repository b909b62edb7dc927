"""A language model as extractor, for those who want one: any server that speaks the OpenAI chat protocol.

The model only quotes. Where a quotation stands is found in the text by rules, what is not there is left out and
counted, and times are understood by `timex`, so that nothing gets into the memory that the text does not say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graphmem.errors import InvalidInput, ModelError
from graphmem.extract.reasons import NOBODY, NOT_THERE
from graphmem.extract.segment import sentences
from graphmem.extract.timex import find
from graphmem.graph.lexical import STOP_WORDS
from graphmem.model import (
    Argument,
    EntityType,
    Episode,
    Extraction,
    Happening,
    LeftOut,
    Modality,
    Named,
    Span,
    Statement,
    Tense,
    TimeExpression,
    normal_name,
)

if TYPE_CHECKING:
    from openai import OpenAI

A = TypeVar("A", bound=BaseModel)

CONFIDENCE = 0.85
"""Of every fact: a model's own figure would say nothing."""

INSTRUCTIONS = """\
You read one text and write down what it says, for a memory that is searched later. You get a JSON object with the text
and what is known about it: who says it (speaker), to whom (addressee), the title of its document, and when.

Quote, never paraphrase: every name, "text", "sentence" and "when" must stand in the text word for word. Write down only
what the text says, nothing that you know otherwise. Leave a list empty if there is nothing for it.

- entities: persons, organisations, places, works, events and other things with a name, each once, with its fullest name
  in the text; also things without a name that a fact is about. Pronouns are no names.
- facts: subject, predicate, object, each about an entity. For a pronoun or description, "text" is the word in the text
  and "entity" the name of whom it means: for "I" the speaker, for "you" the addressee. If that is not certain, leave
  the fact out. The predicate is a verb in its base form with particle and preposition ("live in", "give up", "be
  capital of"); turn a passive with "by" into an active.
- events: what happened at some time, with the roles agent, patient, recipient, companion, goal, source.
- modality: "asserted" only for what the text says is so; else possible, conditional, intended, reported or asked.
- when: the words that tell the time of a fact or event, such as "last Friday" or "since 2019"; null without any.
"""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Entity(_Answer):
    name: str = Field(description="its fullest name, word for word")
    other_names: list[str] = Field(description="its other names in the text, word for word")
    type: EntityType


class _Part(_Answer):
    text: str = Field(description="the words in the text")
    entity: str | None = Field(
        description="the name of the entity that they mean; null for a number, date or other value"
    )


class _Fact(_Answer):
    sentence: str = Field(description="the sentence or clause that says so, word for word")
    subject: _Part
    predicate: str
    object: _Part
    negated: bool
    modality: Modality
    when: str | None


class _Participant(_Answer):
    role: Literal["agent", "patient", "recipient", "companion", "goal", "source", "beneficiary", "role"]
    part: _Part


class _Event(_Answer):
    text: str = Field(description="the clause that tells it, word for word")
    predicate: str
    participants: list[_Participant]
    place: _Part | None
    negated: bool
    modality: Modality
    tense: Tense
    when: str | None


class Understood(_Answer):
    """What the text says."""

    entities: list[_Entity]
    facts: list[_Fact]
    events: list[_Event]


class Llm:
    """A language model behind an OpenAI-compatible server, which answers each question in the form asked for."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        timeout: float = 120.0,
        max_retries: int = 2,
        concurrency: int = 4,
        temperature: float | None = 0.0,
    ) -> None:
        if not model or not isinstance(model, str):
            raise InvalidInput(f"model={model!r}: give the name of a model that the server has")
        if concurrency < 1 or max_retries < 0 or timeout <= 0:
            raise InvalidInput(
                f"concurrency={concurrency!r}, max_retries={max_retries!r}, timeout={timeout!r}: "
                "give at least 1, at least 0, and more than 0 seconds"
            )
        self._model = model
        self._client = _client(base_url, api_key, timeout, max_retries)
        self._timeout = timeout
        self._concurrency = concurrency
        self._options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._model!r} at {self._address}>"

    @property
    def _address(self) -> str:
        """Where the server is, without user and password."""
        parts = urlsplit(str(self._client.base_url))
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))

    def _ask_for(self, form: type[A], question: Mapping[str, Any], *, instructions: str, what: str) -> A:
        """Ask for an answer in a form; `what` names what it is about, for errors."""
        import openai

        try:
            completion = self._client.chat.completions.create(
                model=self._model,
                messages=[
                    {"role": "system", "content": instructions},
                    {"role": "user", "content": json.dumps(question, ensure_ascii=False)},
                ],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": form.__name__.lower(), "strict": True, "schema": form.model_json_schema()},
                },
                **self._options,
            )
        except (openai.OpenAIError, ValueError) as error:
            raise self._problem(error) from None  # what the client says may quote the key
        return self._read(form, completion, what)

    def _read(self, form: type[A], completion: Any, what: str) -> A:
        """Read an answer; raises `ModelError` for one that is not whole or has another form."""
        who = f"the model {self._model!r} at {self._address}"
        choices = getattr(completion, "choices", None)
        if not isinstance(choices, list) or not choices:
            raise ModelError(f"{who} gave no answer of the OpenAI protocol for {what}: check base_url=")
        answer, reason = choices[0].message, choices[0].finish_reason
        if answer.refusal:
            said = self._redacted(answer.refusal)
            raise ModelError(f"{who} refuses to read {what} ({said}): leave the text out, or take another model")
        if reason == "content_filter":
            raise ModelError(f"{who} filtered its answer for {what}: leave the text out, or take another model")
        if reason == "length":
            raise ModelError(f"{who} stopped in the middle of its answer for {what}: give it a larger context")
        if not answer.content:
            raise ModelError(f"{who} gave an empty answer for {what}: try again, or take another model")
        try:
            return form.model_validate_json(answer.content)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "the whole"
            raise ModelError(
                f"{who} did not answer in the form that it was asked for ({place}: {first['msg']}): "
                "take a model and a server with structured output (response_format json_schema)"
            ) from error

    def _problem(self, error: Exception) -> ModelError:
        """Say what went wrong on the way and what to do next, without the key."""
        import openai

        where = f"the language model server at {self._address}"
        match error:
            case openai.APITimeoutError():
                said = (
                    f"{where} gave no answer within {self._timeout:g} seconds: raise timeout=, or take a smaller model"
                )
            case openai.APIConnectionError():
                said = f"{where} cannot be reached: is it running, and is base_url= right (it mostly ends in /v1)?"
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                said = (
                    f"{where} refuses the key (HTTP {error.status_code}): give api_key= that is valid for this address"
                )
            case openai.NotFoundError():
                said = (
                    f"{where} has no model {self._model!r} or no such path (HTTP 404, {self._detail(error)}): "
                    "check the model's name and base_url= (it mostly ends in /v1)"
                )
            case openai.RateLimitError():
                said = (
                    f"{where} takes no more requests for now (HTTP 429, {self._detail(error)}): "
                    "try again later, lower concurrency=, or raise max_retries="
                )
            case openai.APIStatusError(status_code=status) if status >= 500:
                said = f"{where} failed (HTTP {status}, {self._detail(error)}): look at its log, and try again"
            case openai.APIStatusError():
                said = (
                    f"{where} does not take the request (HTTP {error.status_code}, {self._detail(error)}): the model "
                    "must know structured output (response_format json_schema); temperature=None sends no temperature"
                )
            case _:
                said = f"{where} gave no answer of the OpenAI protocol ({self._redacted(str(error))}): check base_url="
        return ModelError(said)

    def _detail(self, error: Any) -> str:
        body = error.body if isinstance(error.body, dict) else {}
        message = body.get("message") or error.message
        return self._redacted(str(message))

    def _redacted(self, text: str) -> str:
        key = self._client.api_key
        plain = " ".join((text.replace(key, "[key]") if key else text).split())
        return plain if len(plain) <= 200 else plain[:200] + " ..."


class LlmExtractor(Llm):
    """Reads episodes with a language model behind an OpenAI-compatible server, one request for each episode.

    `base_url` names the server ("http://localhost:11434/v1" is Ollama on this machine); without it the client goes
    where OPENAI_BASE_URL says, else to OpenAI. `api_key` belongs to `base_url`: the key in OPENAI_API_KEY is only sent
    to an address that the client itself knows. `timeout` is in seconds; a request that fails for a while is repeated
    `max_retries` times. At most `concurrency` requests run at once. `temperature=None` is for models that take none.

    Needs `pip install 'graphmem[llm]'`. Raises `ModelError` where the server or the model fails; nothing is then stored
    of the batch.
    """

    def extract(self, episodes: Sequence[Episode]) -> list[Extraction]:
        """Read each episode, in order; the first that cannot be read ends it with a `ModelError`."""
        if not episodes:
            return []
        with ThreadPoolExecutor(min(self._concurrency, len(episodes)), "graphmem-llm") as pool:
            answers = list(pool.map(self._ask, episodes))
        return [grounded(episode, answer) for episode, answer in zip(episodes, answers, strict=True)]

    def _ask(self, episode: Episode) -> Understood:
        about = {
            "speaker": episode.speaker,
            "addressee": episode.addressee,
            "title": episode.title,
            "time": episode.reference_time.isoformat(timespec="minutes"),
        }
        question = {"text": episode.text, **{name: value for name, value in about.items() if value}}
        return self._ask_for(Understood, question, instructions=INSTRUCTIONS, what=_shortened(episode))


def _client(base_url: str | None, api_key: str | None, timeout: float, max_retries: int) -> OpenAI:
    try:
        import openai
    except ImportError as error:
        raise ModelError("a language model needs the openai client: pip install 'graphmem[llm]'") from error
    given = api_key
    if base_url is not None and not re.match(r"https?://[^/\s]", base_url):
        raise InvalidInput(f"base_url={base_url!r}: give an address such as http://localhost:11434/v1")
    if given is None and base_url is not None:
        given = "none"  # a local server asks for no key, and the one in the environment is not for it
    try:
        return openai.OpenAI(base_url=base_url, api_key=given, timeout=timeout, max_retries=max_retries)
    except openai.OpenAIError as error:
        raise ModelError(
            "there is no key for OpenAI: give api_key=, set OPENAI_API_KEY, or name your own server with base_url="
        ) from error


def _shortened(episode: Episode) -> str:
    return repr(episode.text if len(episode.text) <= 60 else episode.text[:57] + "...")


# From quotations to places in the text


def grounded(episode: Episode, answer: Understood) -> Extraction:
    """Return what a model quoted with its places in the text; what is not there is left out, and said so."""
    ground = _Ground(episode, answer.entities)
    facts = tuple(_facts(ground, answer.facts))
    events = tuple(_events(ground, answer.events))
    return Extraction(
        sentences=tuple(sentences(episode.text)),
        mentions=tuple(ground.mentions()),
        facts=facts,
        events=events,
        times=tuple(ground.times),
        left_out=tuple(sorted(ground.left_out, key=lambda piece: (piece.start, piece.end))),
    )


def _facts(ground: _Ground, facts: Iterable[_Fact]) -> Iterator[Statement]:
    for fact in facts:
        within = ground.place(fact.sentence)
        subject, object = ground.part(fact.subject, within), ground.part(fact.object, within)
        predicate = " ".join(fact.predicate.lower().split())
        if within is None or subject is None or object is None or not predicate:
            ground.leave_out(within, NOT_THERE)
        elif subject.name is None:
            ground.leave_out(within, NOBODY)
        else:
            time = ground.time(fact.when, within)
            since, until = _validity(time)
            yield Statement(
                subject=subject,
                predicate=predicate,
                object=object,
                start=min(subject.start, object.start),
                end=max(subject.end, object.end),
                negated=fact.negated,
                modality=fact.modality,
                confidence=CONFIDENCE,
                valid_at=since,
                invalid_at=until,
                granularity=time.granularity if time else None,
            )


def _events(ground: _Ground, events: Iterable[_Event]) -> Iterator[Happening]:
    for event in events:
        within = ground.place(event.text)
        parts = [(participant.role, ground.part(participant.part, within)) for participant in event.participants]
        there: list[tuple[str, Argument]] = [(role, part) for role, part in parts if part is not None]
        predicate = " ".join(event.predicate.lower().split())
        if within is None or not there or not predicate:
            ground.leave_out(within, NOT_THERE)
            continue
        time = ground.time(event.when, within)
        time = time if time is not None and time.relation == "at" else None
        yield Happening(
            predicate=predicate,
            start=within[0],
            end=within[1],
            participants=tuple(there),
            place=ground.part(event.place, within) if event.place else None,
            valid_at=time.valid_at if time else None,
            invalid_at=time.invalid_at if time else None,
            granularity=time.granularity if time else None,
            anchor=time.anchor if time else "unknown",
            negated=event.negated,
            modality=event.modality,
            tense=event.tense,
        )


def _validity(time: TimeExpression | None) -> tuple[Any, Any]:
    """From when until when a fact holds: from its time on, unless that is a span or says until when."""
    if time is None or time.relation in ("duration", "frequency"):
        return None, None
    if time.relation == "until":
        return None, time.invalid_at
    span = time.text.lower().startswith(("from ", "between "))
    return time.valid_at, time.invalid_at if span and time.relation == "at" else None


class _Ground:
    """The text, and where in it the names, words and times stand that a model quotes."""

    def __init__(self, episode: Episode, entities: Iterable[_Entity]) -> None:
        self.text = episode.text
        self.times = find(episode.text, episode.reference_time)
        self.left_out: list[LeftOut] = []
        self._canonical: dict[str, str] = {}
        self._types: dict[str, EntityType] = {}
        self._forms: dict[str, str] = {}
        self._meant: dict[Span, str] = {}
        for name in (episode.speaker, episode.addressee):
            if name:
                self._know(name, name, "PERSON")
        self._title = (episode.title or "").strip()
        if self._title:
            self._know(self._title, self._title, "MISC")
        for entity in entities:
            forms = [*self._written(entity.name), *self._written(*entity.other_names)]
            name = self._canonical.get(normal_name(entity.name))
            if name is None:
                if not forms:
                    self.leave_out(None, NOT_THERE)
                    continue
                name = forms[0] if normal_name(forms[0]) == normal_name(entity.name) else max(forms, key=len)
            for form in (name, entity.name, *forms):
                self._know(form, name, entity.type)
            self._forms.update((form, name) for form in forms if self._canonical[normal_name(form)] == name)

    def _written(self, *names: str) -> Iterator[str]:
        """The names as the text has them; those that it does not have, and pronouns, are left out."""
        for name in names:
            if name.strip().lower() not in STOP_WORDS and (span := self.place(name)) is not None:
                yield " ".join(self.text[slice(*span)].split())

    def _know(self, form: str, name: str, type: EntityType) -> None:
        self._canonical.setdefault(normal_name(form), name)
        if self._types.get(name, "MISC") == "MISC":
            self._types[name] = type

    def place(self, quotation: str, within: Span | None = None) -> Span | None:
        """Find where a quotation stands: exactly, else whatever its white space, quotation marks and case are."""
        start, end = within or (0, len(self.text))
        pattern = _pattern(quotation)
        if pattern is None:
            return None
        for one in pattern:
            if (found := one.search(self.text, start, end)) is not None:
                return found.span()
        return None

    def part(self, part: _Part, within: Span | None) -> Argument | None:
        """Give the end of a statement with its place; None if the words or the entity are not in the text."""
        span = (self.place(part.text, within) if within else None) or self.place(part.text)
        if span is None:
            return None
        text = " ".join(self.text[slice(*span)].split())
        name = self._canonical.get(normal_name(text))
        if part.entity is not None and name is None:
            name = self._canonical.get(normal_name(part.entity)) or self._owned(part.entity)
            if name is None:
                return None
            self._meant.setdefault(span, name)
        return Argument(start=span[0], end=span[1], text=text, name=name, literal=self._kind(span, text))

    def _owned(self, entity: str) -> str | None:
        """ "Ravi's sister", who stands in the text as "my sister"."""
        owner, _, thing = entity.replace("’s ", "'s ").partition("'s ")
        name = self._canonical.get(normal_name(owner))
        return f"{name}'s {thing}" if thing and name is not None and self.place(thing) else None

    def _kind(self, span: Span, text: str) -> Literal["number", "date", "quote", "clause", "text"]:
        if any(time.start <= span[0] and span[1] <= time.end for time in self.times):
            return "date"
        if self.text[span[0] - 1 : span[0]] in ('"', "“") and span[0]:
            return "quote"
        if re.match(r"[^\w\s]?\d", text):
            return "number"
        return "clause" if len(text.split()) > 8 else "text"

    def time(self, quotation: str | None, within: Span) -> TimeExpression | None:
        """Give the time that a quotation tells, as the rules for times understand it."""
        span = (self.place(quotation, within) or self.place(quotation)) if quotation else None
        if span is None:
            return None
        return next((time for time in self.times if time.start < span[1] and span[0] < time.end), None)

    def mentions(self) -> Iterator[Named]:
        """Yield every place where a known entity is named, the longest of names that overlap; the title comes first."""
        if self._title:
            yield Named(
                start=0,
                end=0,
                name=self._title,
                type=self._types[self._canonical[normal_name(self._title)]],
                pronoun=True,
            )
        taken: set[int] = set()
        found: list[Named] = []
        for form in sorted(self._forms, key=len, reverse=True):
            exact, _ = _pattern(form) or (None, None)
            for match in exact.finditer(self.text) if exact else ():
                if taken.isdisjoint(range(*match.span())):
                    taken.update(range(*match.span()))
                    name = self._forms[form]
                    found.append(Named(start=match.start(), end=match.end(), name=name, type=self._types[name]))
        for (start, end), name in self._meant.items():
            if taken.isdisjoint(range(start, end)):
                type = self._types.get(name, "MISC")
                found.append(Named(start=start, end=end, name=name, type=type, pronoun=True))
        yield from sorted(found, key=lambda named: (named.start, named.end))

    def leave_out(self, span: Span | None, reason: str) -> None:
        """Note that something was left out, at its place if it has one."""
        start, end = span or (0, 0)
        self.left_out.append(LeftOut(start=start, end=end, reason=reason))


@lru_cache(maxsize=4096)
def _pattern(quotation: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Patterns for a quotation at the borders of words: with its own case, and with any."""
    words = quotation.strip(' \t\r\n.,;:!?"“”').split()
    if not words or len(quotation) > 5_000:
        return None
    written = r"\s+".join(re.sub(r"['’]", "['’]", re.escape(word)) for word in words)
    first, last = words[0][0], words[-1][-1]
    bounded = (r"(?<!\w)" if first.isalnum() else "") + written + (r"(?!\w)" if last.isalnum() else "")
    return re.compile(bounded), re.compile(bounded, re.IGNORECASE)
