"""Periods: days, months and years that follow from the times of episodes and events, on every database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from small_graph import LEARNED, Maker, day, everything

from graphmem import InvalidInput, Memory
from graphmem.model import Event, Period, during, period_uuid
from graphmem.periods import interval, touched
from graphmem.store.contract import Filter, Store

UTC = timezone.utc
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def make(store: Store) -> Maker:
    return Maker(store.group_id)


def names(store: Store, where: Filter | None = None) -> list[str]:
    return sorted(period.name for period in store.find("period", where or Filter()))


def times(*months: int) -> tuple[str, ...]:
    return tuple(f"2023-{month:02}" for month in months)


@pytest.mark.parametrize(
    ("start", "end", "granularity", "found"),
    [
        (datetime(2023, 5, 8, 23, 30), datetime(2023, 5, 8, 23, 31), "minute", ("2023-05-08",)),
        (datetime(2023, 5, 8, 22), datetime(2023, 5, 9, 2), "hour", ("2023-05-08", "2023-05-09")),
        (datetime(2023, 5, 8), datetime(2023, 5, 9), "day", ("2023-05-08",)),
        (datetime(2023, 4, 29), datetime(2023, 5, 2), "day", ("2023-04-29", "2023-04-30", "2023-05-01")),
        (datetime(2023, 5, 8), datetime(2023, 5, 15), "week", tuple(f"2023-05-{n:02}" for n in range(8, 15))),
        (datetime(2023, 5, 1), datetime(2023, 6, 2), "day", times(5, 6)),
        (datetime(2023, 5, 1), datetime(2023, 6, 1), "month", times(5)),
        (datetime(2023, 6, 1), datetime(2023, 9, 1), "season", times(6, 7, 8)),
        (datetime(2023, 5, 1), datetime(2024, 6, 1), "month", ("2023", "2024")),
        (datetime(2023, 1, 1), datetime(2024, 1, 1), "year", ("2023",)),
        (datetime(1990, 1, 1), datetime(2000, 1, 1), "decade", tuple(str(year) for year in range(1990, 2000))),
        (datetime(1900, 1, 1), datetime(2000, 1, 1), "century", ()),
        (datetime(1900, 1, 1), datetime(2000, 1, 1), "year", ()),
        (datetime(2023, 5, 8), None, "day", ("2023-05-08",)),
        (datetime(2021, 1, 1), None, "year", ("2021",)),
        (None, datetime(2023, 6, 1), "month", times(5)),
        (None, None, None, ()),
        (datetime(2023, 5, 8, 12), datetime(2023, 5, 8, 12), "second", ("2023-05-08",)),
        (datetime(2023, 5, 8), datetime(2023, 5, 8), "day", ("2023-05-08",)),
        (datetime(2023, 5, 8), datetime(2020, 1, 1), "day", ("2023-05-08",)),
        (datetime(2023, 5, 8, 1), None, None, ("2023-05-08",)),
    ],
)
def test_an_interval_touches_periods_as_finely_as_it_was_stated(start, end, granularity, found):
    assert touched(start and start.replace(tzinfo=UTC), end and end.replace(tzinfo=UTC), granularity) == found


@pytest.mark.parametrize("moment", [FIRST, FIRST + timedelta(hours=1), LAST, LAST - timedelta(days=40)])
@pytest.mark.parametrize("granularity", ["second", "day", "month", "year", "decade", "century", None])
def test_the_ends_of_the_calendar_have_periods_too(moment, granularity):
    for start, end in ((moment, moment), (moment, None), (None, moment), (moment, LAST), (FIRST, moment)):
        for name in touched(start, end, granularity):
            begins, ends = interval(name)
            assert begins <= LAST
            assert ends is None or begins < ends


def test_what_ends_with_the_calendar_is_open():
    assert [interval(name)[1] for name in ("9999", "9999-12", "9999-12-31")] == [None, None, None]
    assert interval("9999-11") == (datetime(9999, 11, 1, tzinfo=UTC), datetime(9999, 12, 1, tzinfo=UTC))
    assert interval("0001")[0] == FIRST


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=9000)),
    st.sampled_from([None, "day", "month", "year"]),
)
def test_periods_of_an_interval_follow_each_other_and_cover_it(start, length, granularity):
    end = start + length if LAST - start > length else LAST
    found = [interval(name) for name in touched(start, end, granularity)]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    if found:
        assert found[0][0] <= start
        assert found[-1][1] is None or found[-1][1] >= end


@pytest.mark.parametrize("name", ["", "May", "23", "2023-5", "2023-13", "2023-02-30", "0000", "20230508", "2023-W01"])
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValidationError, match="is no period: write a day as 2023-05-08"):
        Filter(period=name)
    with pytest.raises(ValidationError, match="is no period"):
        Period(group_id="g", created_at=LEARNED, name=name)


def test_the_day_is_that_of_utc():
    event = Event(group_id="g", created_at=LEARNED, predicate="call", text="call", valid_at="2023-05-08T23:30-05:00")
    assert during(event) == ("2023-05-09",)


def test_episodes_and_events_bring_their_periods(store: Store, make: Maker) -> None:
    ada = make.entity("Ada")
    said = make.episode("Ada swam all May.", ada, reference_time=day(152))
    swam = make.event("swim", ada, episodes=[said], valid_at=day(121), invalid_at=day(152), granularity="month")
    once = make.event("dive", ada, episodes=[said])
    store.apply(make.change(ada, said, swam, once))
    assert names(store) == ["2023", "2023-05", "2023-06", "2023-06-01"]
    assert names(store, Filter(start=day(152))) == ["2023", "2023-06", "2023-06-01"]
    assert names(store, Filter(end=day(152))) == ["2023", "2023-05"]
    assert [one.name for one in store.find("period", order="valid_at", last=True)][-1] == "2023"
    may = store.get("period", [period_uuid(store.group_id, "2023-05")])
    assert may == [Period(group_id=store.group_id, created_at=LEARNED, name="2023-05")]
    assert (may[0].level, may[0].valid_at, may[0].invalid_at) == ("month", day(121), day(152))
    assert store.counts()["period"] == 4
    assert store.check() == []


def test_a_period_has_what_belongs_to_its_parts_and_not_what_is_longer(store: Store, make: Maker) -> None:
    ada = make.entity("Ada")
    one, two = (make.episode(text, ada, reference_time=day(number)) for text, number in (("one", 31), ("two", 60)))
    events = [
        make.event(verb, ada, episodes=[one], valid_at=day(start), invalid_at=day(end), granularity=how)
        for verb, start, end, how in (
            ("walk", 31, 33, "day"),
            ("swim", 32, 60, "month"),
            ("work", 1, 366, "year"),
        )
    ]
    store.apply(make.change(ada, one, two, *events))
    found = {
        name: (
            {episode.text for episode in store.find("episode", Filter(period=name))},
            {event.predicate for event in store.find("event", Filter(period=name))},
        )
        for name in ("2023", "2023-01", "2023-02", "2023-01-31", "2023-02-01", "2022")
    }
    assert found == {
        "2023": ({"one", "two"}, {"walk", "swim", "work"}),
        "2023-01": ({"one"}, {"walk"}),
        "2023-02": (set(), {"walk", "swim"}),
        "2023-01-31": ({"one"}, {"walk"}),
        "2023-02-01": (set(), {"walk"}),
        "2022": (set(), set()),
    }
    much = store.belonging([period_uuid(store.group_id, name) for name in found])
    assert {name: much.get(period_uuid(store.group_id, name), (0, 0)) for name in found} == {
        name: (len(episodes), len(events)) for name, (episodes, events) in found.items()
    }
    assert [one.predicate for one in store.find("event", Filter(period="2023-02", start=day(34)))] == ["swim"]


def test_a_period_goes_with_the_last_that_belongs_to_it(store: Store, make: Maker) -> None:
    ada = make.entity("Ada")
    one, two, three = (make.episode(str(number), ada, reference_time=day(number)) for number in (1, 2, 40))
    party = make.event("party", ada, episodes=[one], valid_at=day(400), granularity="day")
    store.apply(make.change(ada, one, two, three, party))
    assert names(store) == [
        "2023",
        "2023-01",
        "2023-01-01",
        "2023-01-02",
        "2023-02",
        "2023-02-09",
        "2024",
        "2024-02",
        "2024-02-04",
    ]
    store.apply(make.change(remove=[one.uuid]))
    assert names(store) == ["2023", "2023-01", "2023-01-02", "2023-02", "2023-02-09"]
    gone = {change.kind for change in store.changes(1) if change.record is None}
    assert gone == {"episode", "event", "period"}
    store.apply(make.change(one, remove=[two.uuid, three.uuid]))
    assert names(store) == ["2023", "2023-01", "2023-01-01"]
    store.apply(make.change(remove=[one.uuid, ada.uuid]))
    assert list(store.find("period")) == []
    assert everything(store) == {}
    assert store.check() == []


def test_a_period_follows_from_the_others_and_is_never_put_or_removed_alone(store: Store, make: Maker) -> None:
    episode = make.episode("one", reference_time=day(1))
    stray = Period(group_id=store.group_id, created_at=LEARNED, name="1999")
    store.apply(make.change(episode, stray))
    assert names(store) == ["2023", "2023-01", "2023-01-01"]
    with pytest.raises(InvalidInput, match="remove both"):
        store.apply(make.change(remove=[period_uuid(store.group_id, "2023-01")]))
    store.apply(make.change(remove=[episode.uuid, *(one.uuid for one in store.find("period"))]))
    assert names(store) == []


def test_when_a_period_was_learned_does_not_depend_on_the_order(address: str, group: str, opened: object) -> None:
    learned = []
    for number in range(2):
        make = Maker(f"{group} {number}")
        store = opened(address, make.group_id)
        late = make.episode("late", reference_time=day(1))
        early = make.episode("early", reference_time=day(1)).model_copy(update={"created_at": day(9)})
        for episode in (late, early)[:: -1 if number else 1]:
            store.apply(make.change(episode))
        learned.append({one.name: one.created_at for one in store.find("period")})
    assert learned[0] == learned[1] == dict.fromkeys(["2023", "2023-01", "2023-01-01"], day(9))


def test_an_undated_text_that_turns_out_older_moves_to_that_day(store: Store, make: Maker) -> None:
    later = make.episode("Hello.", reference_time=day(40), dated=False)
    store.apply(make.change(later))
    store.apply(make.change(later.model_copy(update={"reference_time": day(1)})))
    assert names(store) == ["2023", "2023-01", "2023-01-01"]
    assert [one.text for one in store.find("episode", Filter(period="2023-01-01"))] == ["Hello."]
    assert store.check() == []


@pytest.mark.parametrize("moment", [FIRST, LAST])
def test_the_first_and_the_last_moment_are_kept_with_their_periods(store: Store, make: Maker, moment: datetime) -> None:
    store.apply(make.change(make.episode("Edge.", reference_time=moment)))
    name = moment.isoformat()
    assert names(store) == [name[:4], name[:7], name[:10]]
    assert names(store, Filter(start=moment)) == names(store)
    assert store.check() == []


def test_periods_are_told_in_order_with_how_much_belongs_to_them(address: str, group: str) -> None:
    with Memory(address, group_id=group) as memory:
        memory.add("Ada Lovelace moved to London in May 1835.", reference_time="1843-08-01T12:00")
        memory.add("Ben plays the cello.", reference_time="1843-08-01T23:00-05:00")
        told = [(one.name, one.level, one.episodes, one.events) for one in memory.periods()]
        assert told == [
            ("1835", "year", 0, 1),
            ("1835-05", "month", 0, 1),
            ("1843", "year", 2, 0),
            ("1843-08", "month", 2, 0),
            ("1843-08-01", "day", 1, 0),
            ("1843-08-02", "day", 1, 0),
        ]
        assert [one.name for one in memory.periods(level="day")] == ["1843-08-01", "1843-08-02"]
        assert [one.name for one in memory.periods(level="month", end="1840-01-01")] == ["1835-05"]
        assert [one.name for one in memory.periods(level="day", start="1843-08-02")] == ["1843-08-02"]
        with pytest.raises(InvalidInput, match="level='week': it is one of 'day', 'month', 'year'"):
            memory.periods(level="week")
        with pytest.raises(InvalidInput, match="there is no filter 'period'"):
            memory.search("cello", filters={"period": "1843"})
        assert list(memory.periods(start="9000-01-01")) == []
        assert memory.doctor() == []


def test_a_copy_has_the_same_periods(tmp_path: Path) -> None:
    with Memory(tmp_path / "one.db") as memory:
        memory.add("Ada Lovelace moved to London in May 1835.", reference_time="1843-08-01")
        memory.copy_to(tmp_path / "two.db")
        with Memory(tmp_path / "two.db") as copied:
            assert list(copied.periods()) == list(memory.periods())
            assert copied.stats().counts == memory.stats().counts


def old_and_new(make: Maker) -> tuple[object, ...]:
    ada = make.entity("Ada")
    said = make.episode("Ada swam all May.", ada, reference_time=day(152))
    swam = make.event("swim", ada, episodes=[said], valid_at=day(121), invalid_at=day(152), granularity="month")
    return ada, said, swam, make.event("dive", ada, episodes=[said])


def test_a_file_made_before_gets_its_periods_when_it_is_opened(tmp_path: Path, opened: object) -> None:
    file = tmp_path / "old.db"
    groups = ("one", "two", "empty")
    for group in groups:
        opened(str(file), group).bind("compass", 4)
    for group in groups[:2]:
        opened(str(file), group).apply(Maker(group).change(*old_and_new(Maker(group))))
    with closing(sqlite3.connect(file)) as db:
        db.executescript(
            """DELETE FROM links WHERE role IN ('during', 'part_of'); DELETE FROM records WHERE kind = 'period';
            DELETE FROM keys WHERE key LIKE '!%'; ALTER TABLE records DROP COLUMN line; PRAGMA user_version = 2"""
        )
    for group, revision in zip(groups, (2, 2, 0), strict=True):
        store = opened(str(file), group)
        assert names(store) == (["2023", "2023-05", "2023-06", "2023-06-01"] if revision else [])
        assert [one.predicate for one in store.find("event", Filter(period="2023-05"))] == ["swim"] * (revision > 0)
        assert store.revision() == revision
        assert {change.kind for change in store.changes(1)} == ({"period"} if revision else set())
        assert store.check() == []
