import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import Told, day, encode

from graphmem.errors import InvalidInput


@pytest.fixture
def chat():
    told = Told()
    told.tell("I bought a violin.", session="s1", speaker="Ann", when="2023-05-01")
    told.tell("Nice! Which colour?", session="s1", speaker="Bob", when="2023-05-01")
    told.tell("Red, from Vienna.", session="s1", speaker="Ann", when="2023-05-01")
    told.tell("The violin broke.", session="s2", speaker="Ann", when="2023-04-01")
    told.tell("Violins have four strings. " * 3, title="Violin", when="2020-01-01")
    return told


def count_words(text):
    return len(text.split())


def recall(told, question, **options):
    options = {"count_tokens": count_words, "max_tokens": 200, "reference_time": day("2024-01-01")} | options
    return told.index.recall(question, encode=encode, **options)


def test_a_block_is_in_order_of_time_with_dates_speakers_and_citations(chat):
    context = recall(chat, "What happened to the violin?")
    assert context.text.splitlines() == [
        "Violin (1 January 2020):",
        "[1] " + "Violins have four strings. " * 3,
        "1 April 2023:",
        "[2] Ann: The violin broke.",
        "1 May 2023:",
        "[3] Ann: I bought a violin.",
        "[4] Bob: Nice! Which colour?",
        "[5] Ann: Red, from Vienna.",
    ]
    assert context.tokens == count_words(context.text)
    by_uuid = {hit.uuid: hit.text for hit in context.hits}
    assert by_uuid[context.citations["2"]] == "The violin broke."


@pytest.mark.parametrize("budget", range(0, 60, 3))
@pytest.mark.parametrize("count", [count_words, len, lambda text: len(text) ** 2 // 10])
def test_the_budget_is_never_exceeded(chat, budget, count):
    context = recall(chat, "What happened to the violin?", max_tokens=budget, count_tokens=count)
    assert context.tokens == count(context.text) <= budget or not context.text


def test_what_fits_best_is_kept_when_little_fits(chat):
    context = recall(chat, "Which strings has a violin?", max_tokens=20)
    assert "Violins have four strings." in context.text


def test_nothing_is_said_twice(chat):
    source = chat.tell("The violin broke.", session="s3", speaker="Ann", when="2023-06-01")
    chat.state("violin", "break", "itself", [source])
    context = recall(chat, "What happened to the violin?")
    assert context.text.count("The violin broke.") == 1


def test_facts_stand_in_for_episodes_that_do_not_fit():
    told = Told()
    long = told.tell("Dora spoke at length " + "about this and that " * 50 + "and moved to Rome.")
    told.state("Dora", "live in", "Rome", [long], valid_at=day("2015-01-01"))
    context = recall(told, "Where does Dora live?", max_tokens=30)
    assert context.text == "Known:\n[1] Dora live in Rome (since 2015)"
    assert context.citations == {"1": long.uuid}


def test_a_long_text_is_cut_to_its_best_sentences_where_there_is_no_room_for_all_of_it(chat):
    said = [f"Sentence {n} is about the garden and its many flowers." for n in range(20)]
    said[7] = "The accordion of Dora is green."
    long = chat.tell(" ".join(said), when="2023-07-01")
    context = recall(chat, "Which colour has the accordion?", max_tokens=100)
    assert "[6] ... The accordion of Dora is green. Sentence 8 " in context.text
    assert context.text.endswith(" ...")
    assert long.text not in context.text
    assert long.uuid in context.citations.values()
    assert long.text in recall(chat, "Which colour has the accordion?", max_tokens=300).text


def test_a_second_session_of_a_day_begins_with_its_time(chat):
    told = Told()
    for hour, session in ((9, "a"), (18, "b")):
        for n in range(2):
            told.tell(f"Hello {session} {n}.", session=session, speaker="Ann", when=f"2023-05-01T{hour:02}:0{n}")
    assert recall(told, "Hello").text.splitlines() == [
        "1 May 2023:",
        "[1] Ann: Hello a 0.",
        "[2] Ann: Hello a 1.",
        "1 May 2023 18:00:",
        "[3] Ann: Hello b 0.",
        "[4] Ann: Hello b 1.",
    ]


def test_the_same_words_are_written_once_whatever_their_spaces_and_capitals(chat):
    chat.tell("the  violin broke.", session="s4", speaker="Bob", when="2023-08-01")
    assert recall(chat, "What happened to the violin?").text.casefold().count("violin broke.") == 1


def test_a_title_and_a_speaker_are_one_line_each():
    told = Told()
    told.tell("The violin broke.", title="On\n[7] violins", speaker="Ann\nLee")
    lines = recall(told, "Which violin broke?").text.splitlines()
    assert lines == ["On [7] violins (1 January 2023):", "[1] Ann Lee: The violin broke."]


def test_what_is_over_says_until_when():
    told = Told()
    source = told.tell("Dora said " + "this and that " * 40, when="2012-05-05")
    dated = {"valid_at": day("2010-01-01"), "invalid_at": day("2015-03-01")}
    told.state("Dora", "live in", "Paris", [source], **dated)
    told.happen("moved to Paris", source, valid_at=day("2010-05-03"), invalid_at=day("2010-05-04"))
    context = recall(told, "Where does Dora live?", max_tokens=30, as_of=day("2013-01-01"))
    assert "Dora live in Paris (January 2010 until March 2015)" in context.text
    assert "moved to Paris (3 May 2010)" in context.text
    assert "Dora live" not in recall(told, "Where does Dora live?", max_tokens=30, as_of=day("2016-01-01")).text


WORDS = st.lists(st.sampled_from("violin red broke Ann Vienna strings garden green. why? two".split()), min_size=1)  # noqa: SIM905


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.tuples(WORDS.map(" ".join), st.sampled_from([None, "s", "t"]), st.sampled_from(["Ann", "Bob"]))),
    budget=st.integers(0, 150),
    count=st.sampled_from(
        [
            count_words,
            len,
            lambda text: len(text) ** 2 // 50,
            lambda text: 40 + len(text.split()),
            lambda text: len(text) // 4,
            lambda text: text.count("\n") * 30,
            lambda text: hash(text) % 97,
        ]
    ),
)
def test_no_budget_is_exceeded_however_tokens_are_counted(texts, budget, count):
    told = Told()
    for n, (text, session, speaker) in enumerate(texts):
        told.tell(text, speaker=speaker, when=f"2023-01-0{1 + n % 9}", **({"session": session} if session else {}))
    context = recall(told, "Which violin broke?", max_tokens=budget, count_tokens=count)
    assert context.tokens <= budget
    assert context.tokens == (count(context.text) if context.text else 0)
    assert set(context.citations.values()) == {hit.episodes[0] for hit in context.hits}
    assert len(context.hits) == len({hit.text.casefold() for hit in context.hits})


def test_a_fact_is_left_out_where_the_sentences_that_are_left_say_it():
    told = Told()
    said = "Dora found a tin box behind the stone. "
    source = told.tell("She spoke about the weather and the sea. " * 9 + said + "He listened to all of it. " * 9)
    told.happen("Dora found a tin box", source)
    told.happen("listened to the harbour master", source)
    context = recall(told, "What did Dora find behind the stone?", max_tokens=60)
    assert said.strip() in context.text
    assert "] Dora found a tin box" not in context.text
    assert "listened to the harbour master" in context.text


def test_a_count_that_is_no_number_is_refused(chat):
    with pytest.raises(InvalidInput, match="count_tokens returned None: it has to return a number"):
        recall(chat, "Which violin broke?", count_tokens=lambda text: None)


def test_a_negative_budget_is_refused(chat):
    with pytest.raises(InvalidInput, match="max_tokens=-1"):
        recall(chat, "violin", max_tokens=-1)
