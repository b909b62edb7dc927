import pytest
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
        "Violin (2020-01-01):",
        "[1] " + ("Violins have four strings. " * 3),
        "2023-04-01:",
        "[2] Ann: The violin broke.",
        "2023-05-01:",
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
    assert context.text == "Known:\n[1] Dora live in Rome (since 2015-01-01)"
    assert context.citations == {"1": long.uuid}


def test_a_negative_budget_is_refused(chat):
    with pytest.raises(InvalidInput, match="max_tokens=-1"):
        recall(chat, "violin", max_tokens=-1)
