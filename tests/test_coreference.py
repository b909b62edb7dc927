"""Whom pronouns, descriptions and short names mean: one table for each phenomenon."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from graphmem.extract.english import EnglishExtractor
from graphmem.model import Episode, Extraction

NOW = datetime(2023, 6, 14, 15, tzinfo=timezone.utc)
EXTRACTOR = EnglishExtractor()


def read(text: str, *, speaker: str | None = None, to: str | None = None, title: str | None = None) -> Extraction:
    metadata = {"title": title} if title else {}
    episode = Episode(
        group_id="g",
        text=text,
        speaker=speaker,
        addressee=to,
        reference_time=NOW,
        created_at=NOW,
        metadata=metadata,
    )
    return EXTRACTOR.extract([episode])[0]


def meant(text: str, extraction: Extraction) -> list[str]:
    """What each word of the text means that is not the name itself: "She = Ann Berg"."""
    return [
        f"{text[named.start : named.end]} = {named.name}"
        for named in extraction.mentions
        if named.end and text[named.start : named.end] != named.name
    ]


def facts(extraction: Extraction) -> list[str]:
    return [
        f"{fact.subject.name} | {fact.predicate} | {fact.object.name or fact.object.text}" for fact in extraction.facts
    ]


PRONOUNS = [
    ("Tom Hall was born in Leeds. He moved to Oslo in 1990.", ["He = Tom Hall"], "Tom Hall | move to | Oslo"),
    ("Laura Stein runs a bakery in Graz. Her brother lives in Linz.", ["Her = Laura Stein"], None),
    ("Laura Stein met Tom Hall in Graz. He works at Siemens.", ["He = Tom Hall"], "Tom Hall | work at | Siemens"),
    (
        "Laura Stein met Tom Hall in Graz. She works at Siemens.",
        ["She = Laura Stein"],
        "Laura Stein | work at | Siemens",
    ),
    ("Peter Lang joined Acme in 2001 and he left it in 2004.", ["he = Peter Lang"], None),
    ("Globex was founded in 1990. It is based in Ghent.", ["It = Globex"], "Globex | be based in | Ghent"),
    (
        "The Wenlock Bridge opened in 1882. It crosses the Severn.",
        ["It = Wenlock Bridge"],
        "Wenlock Bridge | cross | Severn",
    ),
    ("Porto is a city in Portugal. Its harbour was built in 1884.", ["Its = Porto"], None),
    ("Maria Lopez told the press that she had bought Northwind.", ["she = Maria Lopez"], None),
    ("When he was nine, Tom Hall moved to Rome.", ["he = Tom Hall"], None),
    ("In her youth, Emma Kern lived in Vienna.", ["her = Emma Kern"], None),
    (
        "Anna Berg and Tom Hall married in 2010. They moved to Rome.",
        ["They = Anna Berg", "They = Tom Hall"],
        "Tom Hall | move to | Rome",
    ),
    ("The Larks are a band from Hull. They released an album in 2004.", ["They = Larks"], None),
    ("Anna Berg and her sister Eve moved to Rome. They run a bakery there.", ["They = Anna Berg", "They = Eve"], None),
    ("Laura Stein bought herself a house in Graz.", ["herself = Laura Stein"], None),
    ("Henry Moss and his sister live in Bath.", ["his = Henry Moss"], None),
    ("The report praised Acme and its partners in Lyon.", ["its = Acme"], None),
    ("The company, which was founded in 2004, hired Anna Berg. She lives in Oslo.", ["She = Anna Berg"], None),
]
NOBODY = [
    ("Ann met Eve. She lives in Rome.", "She"),
    ("Anna Berg told Maria Lopez that she had won.", "she"),
    ("Tom Hall met Peter Lang in Oslo. He was tired.", "He"),
    ("Tom Hall introduced him to Laura Stein.", "him"),
    ("Laura Stein said that he was late.", "he"),
    ("It rained in Oslo all day.", "It"),
    ("It seems that Tom Hall left Oslo.", "It"),
    ("It is hard to find Oslo on this map.", "It"),
    ("Globex opened a factory. It employs 300 people.", "It"),
    ("Tom Hall has a dog. It barks.", "It"),
    ("Tom Hall has two dogs. They bark.", "They"),
    ("Each guest must bring his or her own towel, said Tom Hall.", "his"),
    ("They said that Oslo was cold.", "They"),
    ("Eve Lind is her sister.", "her"),
    ("Globex has a logo. The logo itself is blue.", "itself"),
    ("The team beat Molde. They won the cup.", "They"),
    ("It was not until May that Tom Hall left Oslo.", "It"),
    ("Globex bought Northwind. It is based in Ghent.", "It"),
    ("A woman called Tom Hall. She was angry.", "She"),
    ("A man phoned Robin Vale. He was angry.", "He"),
    ("We need more chairs, the note said.", "We"),
]
DESCRIPTIONS = [
    ("Globex was founded in Ghent in 1990. The company makes glass.", ["company = Globex"], "Globex | make | glass"),
    ("The Larks are a band from Hull. In 2004 the band moved to Leeds.", ["band = Larks"], "Larks | move to | Leeds"),
    ("Harwick is a town in Kent. The town was founded in 1204.", ["town = Harwick"], None),
    (
        "Harwick is a village in Kent. Tom Hall left the village in 1990.",
        ["village = Harwick"],
        "Tom Hall | leave | Harwick",
    ),
    ("Night Ferry is a film by Anna Berg. The film won a prize in Cannes.", ["film = Night Ferry"], None),
    (
        "Laura Stein is a chemist. In 2004 the chemist moved to Graz.",
        ["chemist = Laura Stein"],
        "Laura Stein | move to | Graz",
    ),
    (
        "The engineer Otto Kern met Laura Stein. Later the engineer moved to Graz.",
        ["engineer = Otto Kern"],
        "Otto Kern | move to | Graz",
    ),
    ("Volta, a startup from Lyon, hired Tom Hall. The firm has 40 employees.", ["firm = Volta"], None),
    (
        "Tom Hall studied at the University of Leeds. The university was founded in 1904.",
        ["university = University of Leeds"],
        None,
    ),
    ("Harbour Bank opened in 1890. The bank closed in 1931.", ["bank = Harbour Bank"], None),
    ("Globex was founded in 1990. The company, which is based in Ghent, makes glass.", ["company = Globex"], None),
    ("The town of Orsby was founded in 1650.", ["town = Orsby"], None),
    ("The Wenlock Bridge opened in 1882. The bridge crosses the Severn.", ["bridge = Wenlock Bridge"], None),
    ("St. Albans was built on a hill. The city was founded in 1211.", ["city = St. Albans"], None),
]
NO_DESCRIPTIONS = [
    ("Globex bought Northwind. The company makes glass.", "company"),
    ("Tom Hall likes Oslo. The company makes glass.", "company"),
    ("Tom Hall lives in Oslo. The film was boring.", "film"),
    ("Globex was founded in 1990. A company in Ghent makes glass.", "company"),
    ("Globex was founded in 1990. The new company makes glass.", "company"),
    ("Night Ferry is a film. Tom Hall wrote the film Harbour Lights.", "film"),
    ("Tom Hall married the actress Laura Stein. The doctor was late.", "doctor"),
    ("A company from Ghent hired Tom Hall. The company makes glass.", "company"),
    ("The team signed Jon Dahl. He had played for Molde. The club paid two million.", "club"),
    ("Lake Orsa is deep and cold. The city was founded in 1211.", "city"),
    ("Anna Berg is a chemist. Maria Lopez is a chemist. The chemist was late.", "chemist"),
]
KIN = [
    (
        "Tom Hall visited his sister Laura in Graz. His sister works at Siemens.",
        ["sister = Laura"],
        "Laura | work at | Siemens",
    ),
    ("Ben's sister Lucy moved to Canada. Ben's sister works for Nokia.", ["sister = Lucy"], "Lucy | work for | Nokia"),
    ("Tom Hall has a sister. His sister works for Nokia.", [], "Tom Hall's sister | work for | Nokia"),
    ("The prize went to Anna Berg, whose brother lives in Rome.", ["whose = Anna Berg"], None),
]
SPOKEN = [
    ("I live in Leeds and my sister works for Nokia.", ["I = Ana", "my = Ana"], "Ana | live in | Leeds"),
    ("You live in Porto, right", ["You = Rui"], None),
    ("My brother Jon moved to Bath. He works at Siemens.", ["He = Jon"], "Jon | work at | Siemens"),
    ("My aunt moved to Leeds. She loves gardening.", ["She = Ana's aunt"], "Ana's aunt | move to | Leeds"),
    ("I hurt myself in Leeds.", ["myself = Ana"], None),
    ("I just read “Harbour Lights” and it was great.", ["it = Harbour Lights"], None),
]
SPOKEN_OF_NOBODY = [
    ("Rui, did she call you?", "she"),
    ("Wow, Rui! How did he do that?", "he"),
    ("We are a small company.", "We"),
    ("Ines said, “I hate Porto.”", "I = Ana"),
    ("It was great to see you in Porto!", "It"),
    ("They were so kind to us.", "They"),
]
QUOTED = [
    ("“I love Rome,” said Anna Berg.", ["I = Anna Berg"], "Anna Berg | love | Rome"),
    ("Anna Berg said, “I sold my house in Leeds.”", ["I = Anna Berg", "my = Anna Berg"], None),
    (
        "[2024-03-05 10:01] Ann: I moved to Bath.\n[2024-03-05 10:02] Ben: My sister Zoe lives there.",
        ["I = Ann", "My = Ben"],
        "Ann | move to | Bath",
    ),
    ("Ann: I live in Rome.\nBen: You know my sister works at Siemens.", ["I = Ann", "my = Ben", "You = Ann"], None),
]
SHORT_NAMES = [
    (
        "Ada Lovelace met Charles Babbage. Lovelace lived in London.",
        ["Lovelace = Ada Lovelace"],
        "Ada Lovelace | live in | London",
    ),
    (
        "Ada Lovelace met Charles Babbage. Ada lived in London.",
        ["Ada = Ada Lovelace"],
        "Ada Lovelace | live in | London",
    ),
    ("Ravi Menon runs a clinic. Dr. Menon moved to Pune.", ["Dr. Menon = Ravi Menon"], "Ravi Menon | move to | Pune"),
    (
        "President Mary Robinson visited Oslo in May. Robinson met Tom Hall.",
        ["Robinson = Mary Robinson"],
        "Mary Robinson | meet | Tom Hall",
    ),
    (
        "Sir Henry Moss visited Oslo in May. Sir Henry met Tom Hall.",
        ["Sir Henry Moss = Henry Moss", "Sir Henry = Henry Moss"],
        None,
    ),
    ("Laura Stein bought Acme. Ms. Stein moved to Graz.", ["Ms. Stein = Laura Stein"], "Laura Stein | move to | Graz"),
    ("John F. Kennedy visited Berlin. John Kennedy was born in Brookline.", ["John Kennedy = John F. Kennedy"], None),
    ("Globex Inc. hired Tom Hall. Globex is based in Ghent.", [], "Globex Inc | be based in | Ghent"),
    (
        "New York-based Foo Inc. hired Tom Hall in May. Foo is based in Albany.",
        ["Foo = Foo Inc"],
        "Foo Inc | be based in | Albany",
    ),
    (
        "Foreign Secretary David Moss met Tom Hall in Rome. Moss was late.",
        ["Foreign Secretary David Moss = David Moss", "Moss = David Moss"],
        "David Moss | meet | Tom Hall",
    ),
    ("A\u200bnna Be\u200brg lives in Os\u00adlo.", ["Os\u00adlo = Oslo"], "Anna Berg | live in | Oslo"),
    ("Dr. Emily Carter's lab is in Oslo.", ["Dr. Emily Carter = Emily Carter"], None),
]
ALIASES = [
    (
        "The World Health Organization (WHO) is based in Geneva. The WHO was founded in 1948.",
        ["WHO = World Health Organization"],
        "World Health Organization | be based in | Geneva",
    ),
    (
        "International Business Machines hired Tom Hall. IBM is based in Armonk.",
        ["IBM = International Business Machines"],
        "International Business Machines | be based in | Armonk",
    ),
    (
        "The Bank of New England (BNE) opened in Boston. BNE hired Tom Hall.",
        ["BNE = Bank of New England"],
        "Bank of New England | hire | Tom Hall",
    ),
    (
        "William “Bill” Gates founded Microsoft. Gates moved to Medina.",
        ["Gates = Bill Gates", "Bill = Bill Gates"],
        "Bill Gates | found | Microsoft",
    ),
    (
        'Earvin "Magic" Johnson lives in Los Angeles.',
        ["Magic = Magic Johnson"],
        "Magic Johnson | live in | Los Angeles",
    ),
    (
        "Istanbul, formerly Constantinople, lies on the Bosporus. Constantinople fell in 1453.",
        ["Constantinople = Istanbul"],
        "Istanbul | lie on | Bosporus",
    ),
    (
        "Marshall Mathers, also known as Eminem, lives in Detroit. Eminem met Tom Hall.",
        ["Eminem = Marshall Mathers"],
        "Marshall Mathers | meet | Tom Hall",
    ),
    (
        "Robert Zimmerman, better known as Bob Dylan, was born in Duluth. Dylan lives in Malibu.",
        ["Bob Dylan = Robert Zimmerman"],
        "Robert Zimmerman | be born in | Duluth",
    ),
    ("Anna Berg (born Anna Lund, 1951) lives in Oslo.", ["Anna Lund = Anna Berg"], None),
]
NOT_THE_SAME = [
    ("Ada Lovelace met Ralph Lovelace. Lovelace lived in London.", "Lovelace = Ada Lovelace"),
    ("Anna Berg met Lars Berg in Oslo. Berg paid the bill.", "Berg = Anna Berg"),
    ("Anna Berg met Lars Berg in Oslo. Berg paid the bill.", "Berg = Lars Berg"),
    ("Peter Lang left early. Mrs. Lang stayed in Oslo.", "Lang = Peter Lang"),
    ("Laura Stein left early. Mr. Stein stayed in Oslo.", "Stein = Laura Stein"),
    ("Dr. Green called Tom Hall. Mr. Green called too.", "Mr. Green = Green"),
    ("Paris Hilton visited Rome. Paris is the capital of France.", "Paris = Rome"),
    ("Tom Hall, formerly of Volvo, works at Saab.", "Volvo = Tom Hall"),
    ("Tom Hall (Leeds) met Anna Berg (Oslo).", "Leeds = Tom Hall"),
]
LETTERS = [
    (
        "Dear Tom,\nI spoke to Emma yesterday. You should call her.\n\nBest regards,\nAnna Berg",
        ["I = Anna Berg", "You = Tom", "her = Emma"],
        "Anna Berg | speak to | Emma",
    ),
    (
        "Hi Ben,\n\nMy sister Clara is moving to Bristol. She works for the BBC.\n\nCheers,\nHannah",
        ["My = Hannah", "She = Clara"],
        "Clara | be sister of | Hannah",
    ),
]
LONGER = [
    (
        "Acme Robotics said on Monday it will open a plant in Lyon. The company employs 900 people and was founded by "
        "Rita Gomez. Gomez said she was happy. Her deputy, Marc Petit, will lead the plant. He joined Acme in 2004.",
        ["it = Acme Robotics", "company = Acme Robotics", "she = Rita Gomez", "Her = Rita Gomez", "He = Marc Petit"],
        "Marc Petit | join | Acme Robotics",
    ),
    (
        "Nora Lindqvist is a Swedish architect. She studied at Lund University, where she met her husband, Erik Dahl. "
        "He is a sculptor. Lindqvist designed the Harbour Library. The library opened in 1998.",
        ["She = Nora Lindqvist", "He = Erik Dahl", "Lindqvist = Nora Lindqvist", "library = Harbour Library"],
        "Erik Dahl | be | sculptor",
    ),
    (
        "Minutes, 3 June\n- Ravi presented the budget. He will send it to the board.\n"
        "- Laura visited the office in Ghent. She found that the roof leaks.\n- Tom was ill. His report is late.",
        ["He = Ravi", "She = Laura", "His = Tom"],
        "Laura | visit | office",
    ),
    (
        "The Marsh Foxes are a rock band from Hull. They released their first album, Low Tide, in 2001. "
        "The album sold 40,000 copies. In 2005 the band moved to Leeds.",
        ["They = Marsh Foxes", "their = Marsh Foxes", "album = Low Tide", "band = Marsh Foxes"],
        "Marsh Foxes | move to | Leeds",
    ),
    (
        "President Elena Vasquez met Prime Minister Tomas Novak in Vienna. Vasquez said that she was happy. "
        "The president will visit Prague in May.",
        ["Vasquez = Elena Vasquez", "she = Elena Vasquez", "president = Elena Vasquez"],
        "Elena Vasquez | visit | Prague",
    ),
    (
        "Met Dr. Patel today. She says my knee is fine. Patel works at St. Mary's Hospital. The hospital is in Leeds.",
        ["She = Patel", "hospital = St. Mary's Hospital"],
        "St. Mary's Hospital | be in | Leeds",
    ),
]
TYPES = [
    ("Globex was founded in 1990.", "Globex", "ORG"),
    ("Foo Inc. hired Tom Hall.", "Foo Inc", "ORG"),
    ("Molde is a Norwegian football club.", "Molde", "ORG"),
    ("Harwick is a town in Kent.", "Harwick", "LOC"),
    ("The village of Arda lies in Kent.", "Arda", "LOC"),
    ("Laura Stein lives with her husband, Jae Park.", "Jae Park", "PERSON"),
    ("Nikhila Vimal is an Indian actress.", "Nikhila Vimal", "PERSON"),
    ("She studied at the University of Leeds.", "University of Leeds", "ORG"),
    ("The Larks released an album, Low Tide, in 2001.", "Low Tide", "MISC"),
    ("In March Anna Berg moved to Oslo.", "Anna Berg", "PERSON"),
    ("On Monday, Juventus beat AC Milan 3-1.", "AC Milan", "ORG"),
    ("“Horns and a Dandy” is a song by Ada Quist.", "Horns and a Dandy", "MISC"),
]
TITLED = [
    ("In the Harbour is a film by Ada Quist. It won a prize.", "In the Harbour (1996 film)", "It = In the Harbour"),
    ("He was born in Leeds and studied law.", "Henry Moss", "He = Henry Moss"),
    ("Emma Louise Kern is a poet. In 1990 Eve Lind met Tom Hall. Later she moved to Bonn.", "Emma Kern", None),
    ("Eleanor Rose “Elly” Lund is a character in a novel. She is a teacher.", "Elly Lund", "She = Elly Lund"),
]
TABLES = [*LETTERS, *LONGER, *PRONOUNS, *DESCRIPTIONS, *KIN, *QUOTED, *SHORT_NAMES, *ALIASES]


@pytest.mark.parametrize(("text", "expected", "fact"), TABLES)
def test_a_word_means_what_was_named_before(text: str, expected: list[str], fact: str | None) -> None:
    extraction = read(text)
    found = meant(text, extraction)
    assert [word for word in expected if word not in found] == [], found
    assert fact is None or fact in facts(extraction), facts(extraction)


@pytest.mark.parametrize(("text", "word"), [*NOBODY, *NO_DESCRIPTIONS])
def test_a_word_that_may_mean_several_means_nobody(text: str, word: str) -> None:
    assert [found for found in meant(text, read(text)) if found.startswith(f"{word} = ")] == []


@pytest.mark.parametrize(("text", "expected", "fact"), SPOKEN)
def test_in_a_conversation_people_speak_of_themselves(text: str, expected: list[str], fact: str | None) -> None:
    extraction = read(text, speaker="Ana", to="Rui")
    found = meant(text, extraction)
    assert [word for word in expected if word not in found] == [], found
    assert fact is None or fact in facts(extraction), facts(extraction)


@pytest.mark.parametrize(("text", "wrong"), SPOKEN_OF_NOBODY)
def test_in_a_conversation_the_third_person_is_somebody_else(text: str, wrong: str) -> None:
    found = meant(text, read(text, speaker="Ana", to="Rui"))
    assert [word for word in found if word.startswith(wrong)] == []


@pytest.mark.parametrize(("text", "wrong"), NOT_THE_SAME)
def test_two_of_one_name_are_never_one(text: str, wrong: str) -> None:
    assert [found for found in meant(text, read(text)) if found.endswith(wrong)] == []


@pytest.mark.parametrize(("text", "name", "type"), TYPES)
def test_the_words_around_a_name_tell_its_type(text: str, name: str, type: str) -> None:
    assert (name, type) in {(named.name, named.type) for named in read(text).mentions}


@pytest.mark.parametrize(("text", "title", "expected"), TITLED)
def test_a_title_tells_what_a_text_is_about(text: str, title: str, expected: str | None) -> None:
    found = meant(text, read(text, title=title))
    assert expected in found if expected else [word for word in found if word.lower().startswith("she =")] == []


def test_a_question_and_its_answer_are_no_speakers() -> None:
    found = read("Q: Where do you live now?\nA: I live in Rome with my sister.")
    assert {named.name for named in found.mentions} == {"Rome"}


def test_everybody_that_they_means_is_in_the_event() -> None:
    extraction = read("Anna Berg and Tom Hall met in Oslo. They moved to Rome in 2010.")
    (moved,) = [event for event in extraction.events if event.predicate == "move"]
    assert {argument.name for role, argument in moved.participants if role == "agent"} == {"Anna Berg", "Tom Hall"}


def test_a_nickname_or_acronym_is_a_place_in_the_text() -> None:
    text = "William “Bill” Gates wrote to the World Health Organization (WHO) in 1999."
    aliases = {text[named.start : named.end]: named.name for named in read(text).mentions if not named.pronoun}
    assert aliases["Bill"] == aliases["William “Bill” Gates"] == "Bill Gates"
    assert aliases["WHO"] == "World Health Organization"


def test_a_name_is_no_fact_about_itself() -> None:
    text = "Porto Airport, also known as Pedras Airport, is an airport."
    assert [fact for fact in read(text).facts if fact.subject.name == fact.object.name] == []
