"""Whatever breaks on the way to Neo4j or in it: a change set is stored once or not at all, and the message helps."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import random
import shutil
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import neo4j
import pytest
import writers
from conftest import LAUNCHER
from launcher import launch
from proxy import COMMIT, Proxy, Way
from small_graph import EAST, LEARNED, Maker, everything, rows

from graphmem import Memory
from graphmem.errors import GraphmemError, InvalidInput, StoreError, StoreRejected, StoreUnavailable
from graphmem.settings import Settings
from graphmem.store import open_store
from graphmem.store.contract import ChangeSet, Filter, Store
from graphmem.store.cypher import question
from graphmem.store.neo4j.connection import AGAIN
from graphmem.store.neo4j.schema import indexes

WAYS = 6  # to the server, disturbed at the same time, for the driver waits a second before it tries again


@pytest.fixture
def proxy(neo4j_address: str) -> Iterator[Proxy]:
    """Give a way to the server that can be disturbed."""
    with Proxy(neo4j_address) as proxy:
        yield proxy


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for a server."""
    monkeypatch.setenv("NEO4J_TIMEOUT", "2")


def talk(group: str, number: int) -> ChangeSet:
    """Make a change set that says something new of what is known, and takes back what the one before it said."""
    make = Maker(group)
    hub, one = make.entity("Hub", f"Hub {number}"), make.entity(f"Person {number}")
    episodes = [make.episode(f"Person {at} knows Hub.", session="notes", position=at) for at in (number - 1, number)]
    put = make.session(), hub, one, episodes[1], make.fact(one, "know", hub, episodes[1])
    put = *put, make.event(f"meet {number}", one, hub, episodes=episodes[1:])
    return make.change(*put, remove=[episodes[0].uuid], vectors={record.uuid: rows(EAST) for record in put[1:]})


def is_as_undisturbed(store: Store, changes: list[ChangeSet]) -> bool:
    """Tell whether a store is as if these change sets had been applied one after the other, each once."""
    with_model = open_store(":memory:", group_id=store.group_id)
    with_model.bind("compass", 4)
    for change in changes:
        with_model.apply(change)
    assert everything(store) == everything(with_model)
    assert store.revision() == with_model.revision()
    assert store.check() == []
    return True


# A connection that is cut


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("way", ["request", "answer"])
def test_a_change_set_is_stored_once_wherever_the_connection_is_cut(
    neo4j_address: str, opened: Callable[..., Store], monkeypatch: pytest.MonkeyPatch, way: Way, times: int
) -> None:
    monkeypatch.setenv("NEO4J_TIMEOUT", "300")  # on a busy machine too, one attempt may be cut after long

    def cut_everywhere(first: int) -> tuple[int, int]:
        with Proxy(neo4j_address) as proxy:
            store = opened(proxy.address, f"test {uuid4().hex}")
            store.bind("compass", 4)
            assert store.apply(talk(store.group_id, 0)) == 1
            proxy.watch()
            assert store.apply(talk(store.group_id, 1)) == 2
            turns, cut, number = proxy.turns, 0, 1
            for turn in range(first, turns + 1, WAYS):
                number += 1
                proxy.cut(way, turn=turn, times=times)
                assert store.apply(talk(store.group_id, number)) == number + 1
                cut += proxy.cuts_left == 0
                proxy.mend()
            assert is_as_undisturbed(store, [talk(store.group_id, at) for at in range(number + 1)])
            return turns, cut

    with ThreadPoolExecutor(WAYS) as pool:
        done = list(pool.map(cut_everywhere, range(1, WAYS + 1)))
    assert sum(cut for _, cut in done) >= 0.8 * max(turns for turns, _ in done)
    gc.collect()  # the driver forgets a socket that is cut off before its connection is made: its warning belongs here


@pytest.mark.parametrize("way", ["request", "answer"])
def test_a_commit_whose_answer_is_lost_again_and_again_can_be_done_again(
    proxy: Proxy, group: str, opened: Callable[..., Store], way: Way
) -> None:
    store = opened(proxy.address, group)
    store.bind("compass", 4)
    proxy.cut(way, saying=COMMIT, times=AGAIN + 1)
    with pytest.raises(StoreUnavailable, match="do it again"):
        store.apply(talk(group, 0))
    assert proxy.cuts_left == 0
    assert store.apply(talk(group, 0)) == 1
    assert is_as_undisturbed(store, [talk(group, 0)])


def test_a_memory_tells_what_was_added_although_the_answer_was_lost(proxy: Proxy, group: str) -> None:
    with Memory(proxy.address, group_id=group) as memory:
        memory.add("Ada lives in London.", reference_time="2023-05-08")
        proxy.cut("answer", saying=b"HAS_EPISODE")  # in the midst of the transaction that stores
        first = memory.add("Ben lives in Paris.", session="notes", reference_time="2023-05-08")
        assert proxy.cuts_left == 0
        assert first.new["episode"] == 1
        assert first.revision == 2
        assert memory.add("Ben lives in Paris.", session="notes", reference_time="2023-05-08").skipped == 1
        assert memory.search("Who lives in Paris?")[0].text == "Ben lives in Paris."
        assert memory.doctor() == []


def test_a_question_is_asked_again_when_its_answer_is_lost(
    proxy: Proxy, group: str, opened: Callable[..., Store]
) -> None:
    store = opened(proxy.address, group)
    store.apply(Maker(group).change(Maker(group).entity("Ada")))
    for saying in (b"group_id", COMMIT):
        proxy.cut("answer", saying=saying)
        assert store.revision() == 1
        assert proxy.cuts_left == 0


def test_connections_that_broke_while_nobody_used_them_are_no_news(
    proxy: Proxy, group: str, opened: Callable[..., Store]
) -> None:
    store = opened(proxy.address, group)
    store.apply(Maker(group).change(Maker(group).entity("Ada")))
    proxy.break_off()
    assert store.revision() == 1
    proxy.break_off()
    assert len(list(store.changes())) == 1
    proxy.break_off()
    assert store.apply(Maker(group).change(Maker(group).entity("Ben"))) == 2


def test_a_server_that_is_gone_is_told_and_the_same_call_again_finishes(
    hasty: None, proxy: Proxy, neo4j_address: str, group: str, opened: Callable[..., Store]
) -> None:
    store = opened(proxy.address, group)
    store.bind("compass", 4)
    proxy.close()
    with pytest.raises(StoreUnavailable, match=r"does not answer.*is it running"):
        store.apply(talk(group, 0))
    with pytest.raises(StoreUnavailable, match="does not answer"):
        list(store.changes())
    again = opened(neo4j_address, group)
    again.apply(talk(group, 0))
    assert is_as_undisturbed(again, [talk(group, 0)])


# A network that is slow, and a server that says nothing


def test_a_slow_network_is_no_error(proxy: Proxy, group: str, opened: Callable[..., Store]) -> None:
    proxy.delay, proxy.rate = 0.02, 50_000
    store = opened(proxy.address, group)
    store.bind("compass", 4)
    store.apply(talk(group, 0))
    proxy.delay, proxy.rate = 0.0, None
    assert is_as_undisturbed(store, [talk(group, 0)])


def test_a_server_that_never_answers_is_given_up(hasty: None, proxy: Proxy, group: str) -> None:
    proxy.deaf = True
    with pytest.raises(StoreUnavailable, match=r"does not answer.*NEO4J_TIMEOUT to more than 2"):
        open_store(proxy.address, group_id=group)


def test_a_writer_that_is_lost_holds_up_no_other_for_long(
    proxy: Proxy, neo4j_address: str, group: str, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Store]
) -> None:
    monkeypatch.setenv("NEO4J_TRANSACTION_TIMEOUT", "1")
    store = opened(neo4j_address, group)
    store.bind("compass", 4)
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    lock = "MATCH (tenant:GraphmemTenant {group_id: $group}) SET tenant.waiting = true"
    with (
        neo4j.GraphDatabase.driver(neo4j_address, auth=auth, telemetry_disabled=True) as driver,
        driver.session() as session,
        session.begin_transaction() as lost,
    ):
        lost.run(lock, group=group).consume()
        with pytest.raises(StoreUnavailable, match=r"had 1 s.*NEO4J_TRANSACTION_TIMEOUT"):
            store.apply(talk(group, 0))
    assert store.apply(talk(group, 0)) == 1


# Who may not, and what is too old


def test_a_user_in_the_address_is_refused_and_the_password_never_told(group: str) -> None:
    for address in ("bolt://ada:s3cret@localhost:1", "neo4j+s://ada:s3/cr@et@host", "http://ada:s3cret@localhost"):
        with pytest.raises(InvalidInput) as told:
            open_store(address, group_id=group)
        assert "s3" not in "".join(map(str, (told.value, told.value.__cause__, told.value.__context__)))


def test_a_token_that_is_refused_is_named(neo4j_address: str, group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_TOKEN", "s3cret")
    with pytest.raises(StoreUnavailable, match="check NEO4J_TOKEN") as told:
        open_store(neo4j_address, group_id=group)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("name", ["NEO4J_TIMEOUT", "NEO4J_TRANSACTION_TIMEOUT"])
@pytest.mark.parametrize("told", ["soon", "0", "-1", "nan", "inf"])
def test_a_time_that_is_no_number_of_seconds_is_named(name: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name}='{told}'"):
        Settings.read({name: told})


@pytest.mark.parametrize(("old", "product"), [(b"Neo4j/4.44", "Neo4j/4.44"), (b"Other/", "Other/")])
def test_a_server_that_is_too_old_or_another_is_refused(
    proxy: Proxy, neo4j_address: str, group: str, old: bytes, product: str
) -> None:
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(neo4j_address, auth=auth, telemetry_disabled=True) as driver:
        agent = driver.get_server_info().agent.encode()
    proxy.forged = (agent[: len(old)], old)
    with pytest.raises(StoreError, match=rf"{product}.*Neo4j") as told:
        open_store(proxy.address, group_id=group)
    assert isinstance(told.value, StoreRejected)


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Give a certificate of this machine that nobody has signed, and what speaks with it."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl here to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


def test_an_encrypted_address_works_if_its_certificate_is_trusted(
    neo4j_address: str, certified: tuple[Path, ssl.SSLContext], group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, context = certified
    with Proxy(neo4j_address, tls=context) as proxy:
        place = proxy.address.partition("://")[2]
        open_store(f"bolt+ssc://{place}", group_id=group).close()
        with pytest.raises(StoreUnavailable, match=r"SSL_CERT_FILE.*\+ssc"):
            open_store(f"bolt+s://{place}", group_id=group)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        open_store(f"bolt+s://{place}", group_id=group).close()


def test_an_index_that_failed_stops_nobody_and_is_named(
    neo4j_address: str, group: str, opened: Callable[..., Store]
) -> None:
    store = opened(neo4j_address, group)
    store.bind("compass", 4)
    store.apply(talk(group, 0))
    auth = ("neo4j", os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(neo4j_address, auth=auth, telemetry_disabled=True) as driver:
        driver.execute_query("DROP INDEX graphmem_episode_session")
        too_long = "CREATE (:Episode:Graphmem {group_id: $group, session: $long, position: 0})"
        driver.execute_query(too_long, group=f"theirs {group}", long="x" * 10_000)
        try:
            driver.execute_query(question("schema/episode_session"))
            while "POPULATING" in {one.state for one in indexes(store._connection)}:
                pass
            again = opened(neo4j_address, group)
            assert again.apply(talk(group, 1)) == 2
            assert len(list(again.find("episode", Filter(session="notes")))) == 1
            [found] = again.check()
            assert found.problem.startswith("the index graphmem_episode_session has failed: ")
        finally:
            driver.execute_query("MATCH (n:Episode {group_id: $group}) DELETE n", group=f"theirs {group}")
            driver.execute_query("DROP INDEX graphmem_episode_session")
    assert opened(neo4j_address, group).check() == []


# Processes, threads and clocks


def _use(store: Store, told: multiprocessing.Queue[str]) -> None:
    try:
        told.put(str(store.revision()))
    except GraphmemError as error:
        told.put(f"{type(error).__name__}: {error}")
    store.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_store_in_a_forked_process_says_so_and_goes_on_in_the_first(
    neo4j_address: str, group: str, opened: Callable[..., Store]
) -> None:
    store = opened(neo4j_address, group)
    store.apply(Maker(group).change(Maker(group).entity("Ada")))
    fork = multiprocessing.get_context("fork")
    told = fork.Queue()
    process = fork.Process(target=_use, args=(store, told))
    process.start()
    assert "open it again in this one" in told.get(timeout=60)
    process.join()
    assert process.exitcode == 0
    assert store.revision() == 1


def test_a_store_that_is_closed_while_others_write_tells_them(neo4j_address: str, group: str) -> None:
    store = open_store(neo4j_address, group_id=group)
    store.bind(*writers.MODEL)
    began = threading.Semaphore(0)

    def write(stretch: tuple[int, int]) -> str:
        began.release()
        try:
            for change in writers.chain(group, first=stretch[0], last=stretch[1]):
                store.apply(change)
        except StoreUnavailable as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        ends = [pool.submit(write, stretch) for stretch in ((0, 200), (100, 300), (0, 300))]
        for _ in ends:
            began.acquire()
        while store.revision() < 3:
            pass
        store.close()
    for end in ends:
        assert "is closed: open it again" in end.result()
    again = open_store(neo4j_address, group_id=group)
    assert again.check() == []
    again.close()


def test_a_clock_that_steps_back_changes_no_order(shared_address: str, group: str) -> None:
    hours = iter(range(20, 0, -1))
    with Memory(shared_address, group_id=group, clock=lambda: LEARNED + timedelta(hours=next(hours))) as memory:
        added = [memory.add(f"{name} lives in London.", session="notes") for name in ("Ada", "Ben", "Cleo", "Ada")]
        assert [one.revision for one in added] == [1, 2, 3, 3]
        assert [episode.text for episode in memory.episodes(session="notes")] == [
            f"{name} lives in London." for name in ("Ada", "Ben", "Cleo")
        ]
        assert memory.doctor() == []


# A server of one's own, which is killed and forbidden to write

PASSWORD = "a password of its own"
LAUNCHED = Path(__file__).with_name("launched.py")


class Server:
    """A Neo4j that only these tests use, with settings that can change from start to start."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.address = "bolt://127.0.0.1:0"
        self._settings: dict[str, str] | None = None

    def start(self, **settings: str) -> None:
        """Run it with these settings, at the address that it had before."""
        if self._settings == settings:
            return
        self.stop()
        more = {"db_tx__log_rotation_size": "1m", "db_tx__log_preallocate": "false", **settings}
        lines = "".join(f"{name.replace('_', '.').replace('..', '_')}={value}\n" for name, value in more.items())
        command = [sys.executable, LAUNCHED, lines, "start", "--home", self.home]
        command += ["--port", self.address.rpartition(":")[2], "--http-port", "0", "--password", PASSWORD]
        quick = {**os.environ, "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}  # the server starts in half the time
        started = subprocess.run(command, env=quick, check=False, capture_output=True, text=True)
        assert started.returncode == 0, started.stderr
        self.address, self._settings = started.stdout.strip(), settings

    def stop(self) -> None:
        """Stop it, if it runs."""
        self._settings = None
        command = [sys.executable, LAUNCHER, "stop", "--home", self.home]
        subprocess.run(command, check=True, capture_output=True)

    def kill(self) -> None:
        """End it as a power cut does."""
        os.kill(json.loads((self.home / "server.json").read_text())["pid"], signal.SIGKILL)
        self._settings = None


@pytest.fixture(scope="module")
def the_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server of one's own."""
    home = tmp_path_factory.mktemp("own")
    if missing := [program for program in ("java", "mvn") if not shutil.which(program)]:
        pytest.skip(f"a server that can be killed needs Java 17 and Maven: no {' and no '.join(missing)} here")
    server = Server(home)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def own(the_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Give the server of one's own; its password is in the environment."""
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    return the_server


def test_a_server_that_is_killed_during_a_write_loses_nothing(
    own: Server, group: str, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., Store]
) -> None:
    monkeypatch.setenv("NEO4J_TIMEOUT", "300")
    own.start()
    store = opened(own.address, group)
    store.bind("compass", 4)
    changes = [talk(group, number) for number in range(20)]
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(lambda: [store.apply(change) for change in changes])
        while store.revision() < 5:
            pass
        own.kill()
        own.start()
        assert writer.result() == list(range(1, 21))
    assert is_as_undisturbed(store, changes)


def test_a_read_only_database_can_be_searched_but_not_written(own: Server, group: str) -> None:
    own.start()
    with Memory(own.address, group_id=group) as memory:
        memory.add("Ada lives in London.", reference_time="2023-05-08")
    own.start(server_databases_read__only="neo4j")
    with Memory(own.address, group_id=group) as memory:
        assert memory.search("Who lives in London?")[0].text == "Ada lives in London."
        assert memory.facts(subject="Ada")[0].object == "London"
        assert memory.doctor() == []
        for write in (
            lambda: memory.add("Ben lives in Paris."),
            lambda: memory.delete_episode(memory.episodes()[0].uuid),
        ):
            with pytest.raises(StoreUnavailable, match=r"read-only.*server\.databases\.read_only"):
                write()
        assert len(memory.episodes()) == 1
    with Memory(own.address, group_id=f"another {group}") as memory, pytest.raises(StoreUnavailable, match="read-only"):
        memory.add("Ben lives in Paris.")


@pytest.fixture
def cramped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Give a server whose data are on a small disk; the password is in the environment."""
    if missing := [program for program in ("java", "mvn") if not shutil.which(program)]:
        pytest.skip(f"a server of its own needs Java 17 and Maven: no {' and no '.join(missing)} here")
    data = tmp_path / "data"
    data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", data]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk has to be mounted, which only root may on Linux")
    monkeypatch.setenv("NEO4J_PASSWORD", PASSWORD)
    server = Server(tmp_path)
    try:
        yield server
        server.stop()
    finally:
        subprocess.run(["umount", "--lazy", data], check=True)


def heavy(group: str, number: int) -> ChangeSet:
    """Make a change set with a megabyte of text that nothing can make smaller."""
    make, noise = Maker(group), random.Random(number)
    return make.change(*(make.episode(f"Part {number}.{part}: {noise.randbytes(25_000).hex()}") for part in range(20)))


def test_a_full_disk_is_told_and_loses_nothing(cramped: Server, group: str, opened: Callable[..., Store]) -> None:
    log = {"db_tx__log_preallocate": "true", "db_tx__log_rotation_size": "8m"}
    cramped.start(**log)
    store = opened(cramped.address, group)
    store.bind("compass", 4)
    changes: list[ChangeSet] = []

    def fill() -> None:
        for number in range(100):
            for change in (talk(group, number), heavy(group, number)):
                changes.append(change)
                store.apply(change)

    with pytest.raises(StoreUnavailable, match=r"failed.*make room first if its disk is full.*start it again"):
        fill()
    for asked in (store.revision, store.check, lambda: open_store(cramped.address, group_id=group)):
        with pytest.raises(StoreUnavailable, match="make room"):
            asked()
    cramped.kill()
    refused = launch("start", "--home", cramped.home, "--port", "0", "--http-port", "0", NEO4J_PASSWORD=PASSWORD)
    assert refused.returncode == 1
    assert "MB left: make room" in refused.stderr
    subprocess.run(["mount", "-o", "remount,size=200m", cramped.home / "data"], check=True)
    cramped.start(**log)
    assert store.revision() in (len(changes) - 1, len(changes))  # the last may be in the log, though it was refused
    assert store.apply(changes[-1]) == len(changes)
    assert is_as_undisturbed(store, changes)
