"""What is read in a question: names, also misspelt ones, windows of time, orders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import LEARNED, Told, day

from graphmem.model import Entity
from graphmem.recall.question import LONGEST, read
from graphmem.recall.times import inside, ordered


@pytest.fixture(scope="module")
def told():
    told = Told()
    told.put(Entity(group_id="g", name="Ada Lovelace", names=("Ada Lovelace", "Countess"), created_at=LEARNED))
    told.tell("Ada Lovelace wrote notes on the engine.", when="2022-03-01")
    told.tell("Mira Okafor was born in Trondheim. She paints.", when="2023-05-08")
    told.tell("The Silent Harbour is a film directed by Mira Okafor.", title="The Silent Harbour", when="2023-05-09")
    told.tell("I met Karel Purkyně in Zürich.", speaker="Caroline", when="2024-02-01")
    told.tell("Was that in Karlsbad or in Carlsbad?", speaker="Ben Adler", when="2024-02-01")
    told.tell("My favourite colour is red.", speaker="Caroline", when="2024-02-01")
    return told


def asked(told, text, now="2024-06-12"):
    return read(
        text,
        names=told.index.names,
        episodes=told.index.episodes,
        reference_time=None if now is None else day(now),
    )


def named(told, text):
    question = asked(told, text)
    return [question.text[name.start : name.end] for name in question.names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Where was Mira Okafor born?", ["Mira Okafor"]),
        ("where was mira okafor born", ["mira okafor"]),
        ("WHERE WAS MIRA OKAFOR BORN?", ["MIRA OKAFOR"]),
        ("Where Was Mira Okafor Born?", ["Mira Okafor"]),
        ("What is Mira Okafor's film?", ["Mira Okafor"]),
        ("Who directed the Silent Harbour?", ["Silent Harbour"]),
        ("who directed the silent harbour", ["silent harbour"]),
        ("Who is Karel Purkyne?", ["Karel Purkyne"]),
        ("who is karel purkyně", ["karel purkyně"]),
        ("Where is Zurich?", ["Zurich"]),
        ("What did Caroline say?", ["Caroline"]),
        ("What is carolines favourite colour?", ["caroline"]),
        ("what did ben say", ["ben"]),
        ("Is it Ben’s?", ["Ben"]),
        ("Who is Nobody Known?", ["Nobody Known"]),
        ("what is red", []),
        ("What happened in May 2023?", []),
        ("What did May do?", ["May"]),
    ],
)
def test_names_in_a_question(told, text, names):
    assert named(told, text) == names


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Where was Mira Okafro born?", "Where was Mira Okafor born?"),
        ("Where is Trondhiem?", "Where is Trondheim?"),
        ("where is trondhiem", "where is trondheim"),
        ("WHERE IS TRONDHIEM?", "WHERE IS TRONDHEIM?"),
        ("What did Carolin say?", "What did Caroline say?"),
        ("What did Ada Lovelcae write?", "What did Ada Lovelace write?"),
        ("Which notes are Lovelase's?", "Which notes are Lovelace's?"),
        ("Where is Trondhem's harbour?", "Where is Trondheim's harbour?"),
        ("Where is Tronheims?", "Where is Trondheim?"),  # two slips in a long name
    ],
)
def test_a_misspelt_name_is_put_right(told, text, right):
    assert asked(told, text).text == right


@pytest.mark.parametrize(
    "text",
    [
        "Who is Bem?",  # too short
        "Where is Darlsbad?",  # Karlsbad or Carlsbad
        "Where is Londinium?",  # nothing like it
        "Who is Trondheim's favourite?",  # right
        "Who painted the Harbours?",  # a form of a word that is known
        "What is their favorite colour?",  # favourite is no name
        "what is their favorite colour",
        "Which of those would they?",
    ],
)
def test_what_is_no_misspelt_name_stays(told, text):
    assert asked(told, text).text == text


def test_a_misspelt_name_finds_what_the_right_one_finds(told):
    right, wrong = "Where was Mira Okafor born?", "Where was Mira Okafro born?"
    assert [(hit.uuid, hit.score) for hit in told.ask(right)] == [(hit.uuid, hit.score) for hit in told.ask(wrong)]


def test_a_name_that_was_deleted_is_nothing_to_put_right():
    told = Told()
    gone = told.tell("Wilhelmina sings.")
    told.tell("Somebody else sings.")
    assert asked(told, "Does Wilhelmena sing?").text == "Does Wilhelmina sing?"
    told.remove(gone)
    assert asked(told, "Does Wilhelmena sing?").text == "Does Wilhelmena sing?"


def test_names_and_speakers_told_later_are_known_at_once():
    told = Told()
    told.tell("Somebody sings.")
    assert asked(told, "Who is Wilhelmena?").text == "Who is Wilhelmena?"
    told.tell("I sing.", speaker="Wilhelmina Bloom")
    question = asked(told, "Who is Wilhelmena?")
    assert question.text == "Who is Wilhelmina?"
    assert question.people == [0]


def test_an_alias_of_an_entity_that_is_gone_means_only_itself():
    told = Told()
    ada = Entity(group_id="g", name="Ada Lovelace", names=("Ada Lovelace", "Countess"), created_at=LEARNED)
    told.put(ada)
    assert len(told.index.names.meant("countess")) == 2
    told.remove(ada)
    assert len(told.index.names.meant("countess")) == 1
    told.put(ada)
    assert len(told.index.names.meant("countess")) == 2


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("in May 2023", [("2023-05-01", "2023-06-01")]),
        ("in may 2023", [("2023-05-01", "2023-06-01")]),
        ("in May", [(f"{year}-05-01", f"{year}-06-01") for year in (2022, 2023, 2024)]),
        ("between March and May", [(f"{year}-03-01", f"{year}-06-01") for year in (2022, 2023, 2024)]),
        ("at Christmas", [(f"{year}-12-25", f"{year}-12-26") for year in (2022, 2023, 2024)]),
        ("in the summer of 2022", [("2022-06-01", "2022-09-01")]),
        ("in the fall of 2022", [("2022-09-01", "2022-12-01")]),
        ("on 2023-06-10", [("2023-06-10", "2023-06-11")]),
        ("on June 10, 2023", [("2023-06-10", "2023-06-11")]),
        ("in 2023", [("2023-01-01", "2024-01-01")]),
        ("in the 1990s", [("1990-01-01", "2000-01-01")]),
        ("last week", [("2024-06-03", "2024-06-10")]),
        ("two weeks ago", [("2024-05-27", "2024-06-03")]),
        ("yesterday", [("2024-06-11", "2024-06-12")]),
        ("on Monday", [("2024-06-10", "2024-06-11")]),
        ("last Friday", [("2024-06-07", "2024-06-08")]),
        ("last summer", [("2023-06-01", "2023-09-01")]),
        ("before June 2023", [(None, "2023-06-01")]),
        ("after 2019", [("2020-01-01", None)]),
        ("since 2021", [("2021-01-01", None)]),
        ("until 2020", [(None, "2021-01-01")]),
        ("last week, as told on 10 June 2023", [("2023-05-29", "2023-06-05"), ("2023-06-10", "2023-06-11")]),
        ("for the summer", []),
        ("after her birthday", []),
        ("every Monday", []),
        ("may she go", []),
        ("when they march", []),
        ("at the fall of Rome", []),
    ],
)
def test_windows_in_a_question(told, text, windows):
    edges = [
        (-np.inf if start is None else day(start).timestamp(), np.inf if end is None else day(end).timestamp())
        for start, end in windows
    ]
    assert asked(told, f"What happened {text}?").windows == tuple(edges)


def test_a_year_of_which_nothing_is_left_has_no_window():
    told = Told()
    told.tell("Ada sings.", when="2022-03-01")
    gone = told.tell("Ada plays.", when="2023-03-01")
    assert len(asked(told, "Who sang in May?").windows) == 2
    told.remove(gone)
    assert len(asked(told, "Who sang in May?").windows) == 1


@pytest.mark.parametrize("text", ["last week", "yesterday", "on Monday", "since June"])
def test_what_counts_from_now_is_no_window_without_a_now(told, text):
    assert asked(told, f"What happened {text}?", now=None).windows == ()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Who was her first teacher?", -1),
        ("When did Ann first meet Bob?", -1),
        ("What is her latest painting?", 1),
        ("Where does she work now?", 1),
        ("What is Ann's current job?", 1),
        ("When was the last time she sang?", 1),
        ("When did Ann last see Bob?", 1),
        ("How long did the trip last?", 0),
        ("Who won first place?", 0),
        ("What is her last name?", 0),
        ("What did she do last week?", 0),
        ("What did she do in the last few days?", 0),
        ("Who fought in the First World War?", 0),
        ("Now that she is here, who comes?", 0),
        ("Who sang in the second part?", 0),
    ],
)
def test_orders_in_a_question(told, text, order):
    assert asked(told, text).order == order


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Where did Ann live before she moved to Oslo?", (-1, ("move", "oslo"))),
        ("Before moving to Oslo, where did she live?", (-1, ("move", "oslo"))),
        ("What has she done since the race?", (1, ("race",))),
        ("What did she do after June 2023?", None),
        ("Who was she named after all those years?", None),
        ("Since when has Ann played?", None),
        ("What came before or after?", None),
    ],
)
def test_what_a_question_asks_for_something_beside(told, text, beside):
    assert asked(told, text).beside == beside


def test_the_best_are_put_in_order_of_their_days():
    score = np.array([5, 4, 3, 2, -np.inf], np.float32)
    times = np.array([20.0, 0.1, 0.2, 90, 95]) * 86400
    assert ordered(1, score, times, 3).tolist() == [1, 0, 0, 0, 0]
    assert ordered(-1, score, times, 3).tolist() == [0, 1, 1, 0, 0]
    assert ordered(1, score, times, 10).tolist() == [0.5, 0, 0, 1, 0]
    assert ordered(1, score, np.zeros(5), 10).tolist() == [0] * 5


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=6),
    st.lists(st.tuples(st.integers(-5, 30), st.integers(1, 9)), min_size=1, max_size=6),
)
def test_an_interval_is_inside_if_it_meets_a_window(windows, spans):
    edges = [(start, start + length) for start, length in windows]
    start = np.array([start for start, _ in spans], float)
    end = start + [length for _, length in spans]
    meets = [any(a < e and b > s for a, b in edges) for s, e in zip(start, end, strict=True)]
    holds = [any(a <= s < b for a, b in edges) for s in start]
    assert inside(edges, start, end).tolist() == meets
    assert inside(edges, start).tolist() == holds


ODD = [
    "x", "?", "the", "of the and", "🎉", "👩‍👩‍👧 in May?", "Où habite Ada ?", "Где живёт Ада в мае?", "阿达住在哪里？",
    "أين تسكن آدا؟", '"Ada" \'Ben\' «Mira» “', r"(.*)+[a-z]{2,}\1 ^$ | \d", "Ada\ud800 Lovelace", "\udfff", "\x00Ada",
    "Ada's's's", "’s", "ﾞ", "I'm I've", "Nobody Else in no Memory",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("now", ["0001-01-01", "2024-06-12", "9999-12-31"])
def test_odd_questions_are_read(told, text, now):
    question = asked(told, text, now)
    assert question.text.encode()
    assert question.without(question.names)
    assert len(told.ask(text, reference_time=day(now), top_k=3)) == 3


@pytest.mark.parametrize("now", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "when",
    ["in May", "last week", "next year", "ten centuries ago", "since June", "on 29 February", "in 9999", "tomorrow"],
)
def test_a_question_from_the_ends_of_time_is_read(told, when, now):
    windows = asked(told, f"When did Ada sing {when}?", now).windows
    assert all(start < end for start, end in windows)
    assert len(told.ask(f"When did Ada sing {when}?", reference_time=day(now), top_k=3)) == 3


def test_the_rest_of_a_very_long_question_is_not_read(told):
    question = asked(told, "Trondhiem " * 10_000)
    assert len(question.text.split()) == LONGEST


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.datetimes())
def test_any_text_is_read(told, text, now):
    question = read(
        text, names=told.index.names, episodes=told.index.episodes, reference_time=now.replace(tzinfo=LEARNED.tzinfo)
    )
    assert all(0 <= name.start < name.end <= len(question.text) for name in question.names)


WORDS = (
    "before after since between from to and the in last next early of summer winter May March 29 February 31 June 2023 "
    "9999 week weekend year ago two first Monday Christmas until on 1990s century day later"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=10), st.datetimes())
def test_any_time_is_read(told, words, now):
    question = read(
        " ".join(words),
        names=told.index.names,
        episodes=told.index.episodes,
        reference_time=now.replace(tzinfo=LEARNED.tzinfo),
    )
    assert all(start <= end for start, end in question.windows)
