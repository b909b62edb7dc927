from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmem.lifecycle.associations import DAYS, RATE, TOGETHER, Associations, weight
from graphmem.lifecycle.strength import HALF_LIFE, decided, strength
from graphmem.model import KEPT_DAYS, Trace, merge

NOW = datetime(2023, 5, 8, 12, tzinfo=timezone.utc)


def after(days):
    return NOW + timedelta(days=days)


def trace(recalled=(), **more):
    return Trace(group_id="g", created_at=NOW, of=("u",), about="fact", recalled=tuple(recalled), **more)


def recalled(*days):
    return trace(after(day).date() for day in days)


some_days = st.lists(st.dates(date(2023, 1, 1), date(2023, 12, 31)), max_size=90)
moments = st.none() | st.datetimes(datetime(2023, 1, 1), datetime(2023, 1, 3), timezones=st.just(timezone.utc))
traces = st.builds(
    lambda days, pinned, unpinned: trace(days, pinned_at=pinned, unpinned_at=unpinned), some_days, moments, moments
)


@given(traces, traces, traces)
def test_traces_are_joined_in_any_order_and_as_often_as_one_likes(one, two, three):
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one
    assert merge(merge(one, two), two) == merge(one, two)


@given(traces, st.integers(0, 4000), st.integers(0, 4000), st.integers(1, 50))
def test_strength_is_a_share_that_only_time_lowers(trace, first, more, support):
    early, late = (
        strength(trace, "fact", learned=NOW, now=after(days), support=support) for days in (first, first + more)
    )
    assert 0 <= late <= early <= 1
    assert strength(merge(trace, recalled(first)), "fact", learned=NOW, now=after(first), support=support) >= early
    assert strength(trace, "fact", learned=NOW, now=after(first), support=support + 1) >= early


def test_each_kind_fades_in_its_own_time():
    for kind, half_life in HALF_LIFE.items():
        assert strength(None, kind, learned=NOW, now=NOW + half_life) == pytest.approx(0.5)
    faded = [strength(None, kind, learned=NOW, now=after(100)) for kind in ("episode", "event", "fact", "entity")]
    assert faded == sorted(faded)


def test_what_is_recalled_starts_anew_and_fades_slower():
    once = recalled(30)
    assert strength(once, "episode", learned=NOW, now=after(31)) > 0.95
    never = strength(None, "episode", learned=NOW, now=after(60))
    assert strength(once, "episode", learned=NOW, now=after(90)) > never


def test_ten_recalls_in_one_day_count_as_one():
    often = trace()
    for _ in range(10):
        often = merge(often, recalled(0))
    assert often == recalled(0)


def test_what_is_pinned_does_not_fade_until_it_is_unpinned():
    pinned = decided(trace(), pinned=True, at=NOW)
    assert strength(pinned, "episode", learned=NOW, now=after(9999)) == 1
    for at in (after(1), NOW, after(-1)):  # whatever the clock says, it was decided later
        assert not decided(pinned, pinned=False, at=at).pinned
        assert decided(decided(pinned, pinned=False, at=at), pinned=True, at=at).pinned
    assert merge(pinned, trace(unpinned_at=after(-1))).pinned
    assert merge(pinned, trace(unpinned_at=NOW)).pinned


def test_a_trace_stays_small():
    long = trace()
    for day in range(300):
        long = merge(long, recalled(day))
    assert len(long.recalled) == KEPT_DAYS
    assert long.recalled[-1] == after(299).date()


def test_what_can_not_be_is_refused():
    with pytest.raises(ValueError, match="support must be at least 1, got 0"):
        strength(None, "fact", learned=NOW, now=NOW, support=0)
    with pytest.raises(ValueError, match="'a' cannot be associated with itself"):
        Associations({("a", "a"): [NOW.date()]})


@given(st.lists(st.dates(date(2020, 1, 1), date(2023, 5, 8)), max_size=60), st.integers(0, 3000))
def test_associations_are_bounded_and_fade(together, days):
    now, later = weight(together, now=NOW), weight(together, now=after(days))
    assert 0 <= later <= now < 1
    assert weight([*together, NOW.date()], now=NOW) > now


def test_what_is_recalled_together_again_and_again_comes_nearer():
    notes = Associations()
    notes.note(["a", "b", "c"], NOW)
    notes.note(["b", "a"], after(1))
    notes.note(["b", "a"], after(1))
    near = notes.near({"a": 2.0}, now=after(1))
    assert list(near) == ["b", "c"]
    assert near["b"] == pytest.approx(2 * (1 - (1 - RATE) * (1 - RATE)), rel=0.05)


def test_only_the_best_of_a_recall_are_together():
    notes = Associations()
    notes.note([f"{at:03}" for at in range(100)], NOW)
    assert len(notes) == TOGETHER * (TOGETHER - 1) // 2


def test_notes_stay_few_and_forget_what_is_old():
    notes = Associations(most=10)
    for day in range(40):
        notes.note([f"a{day}", "b", f"c{day}"], after(day))
    assert len(notes) <= 10
    assert max(last for _, days in notes for last in days) == after(39).date()
    for _ in range(DAYS + 5):
        notes.note(["x", "y"], NOW)
    assert all(len(days) <= DAYS for _, days in notes)


def test_what_is_forgotten_leaves_no_trace():
    notes = Associations()
    notes.note(["a", "b", "c"], NOW)
    notes.forget("a")
    notes.forget("unknown")
    assert [pair for pair, _ in notes] == [("b", "c")]
    assert notes.near({"a": 1.0}, now=NOW) == {}
    assert list(notes.near({"b": 1.0}, now=NOW)) == ["c"]


noted = st.dictionaries(st.sampled_from([("a", "b"), ("a", "c"), ("b", "c")]), some_days)


@given(noted, noted, noted)
def test_notes_of_several_processes_are_joined_in_any_order(one, two, three):
    def all_of(*notes):
        found = Associations()
        for note in notes:
            found.join(note)
        return dict(found)

    assert all_of(one, two, three) == all_of(three, two, one) == all_of(two, one, three, one)
