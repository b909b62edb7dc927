import gc
import threading

import pytest

from graphmem.garbage import no_collection


def test_nothing_is_collected_until_the_last_is_done():
    inside, leave = threading.Event(), threading.Event()

    def build():
        with no_collection():
            inside.set()
            leave.wait()

    other = threading.Thread(target=build)
    with no_collection():
        other.start()
        inside.wait()
    assert not gc.isenabled()
    leave.set()
    other.join()
    assert gc.isenabled()


def test_what_fails_leaves_the_collector_on():
    with pytest.raises(ZeroDivisionError), no_collection():
        _ = 1 / 0
    assert gc.isenabled()


def test_a_collector_that_is_off_stays_off():
    gc.disable()
    try:
        with no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
