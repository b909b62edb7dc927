"""A TCP proxy on this machine, which stands in for a network that cuts, delays, slows or swallows what goes through."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Literal, NamedTuple

Way = Literal["request", "answer"]
COMMIT = b"\x00\x02\xb0\x12\x00\x00"  # as Bolt sends it


class _Cut(NamedTuple):
    way: Way
    turn: int | None
    saying: bytes | None


class Proxy:
    """Hands on what clients and a server say to each other; a turn is what a client says until it is answered."""

    def __init__(self, address: str, *, tls: ssl.SSLContext | None = None) -> None:
        scheme, _, place = address.partition("://")
        host, _, port = place.rpartition(":")
        self._server = (host, int(port))
        self._tls = tls
        self._lock = threading.Lock()
        self._cuts: list[_Cut] = []
        self._open: set[socket.socket] = set()
        self._told: Way = "answer"
        self._reached = False
        self.turns = 0
        """How many turns there were since the last cut, or since `watch`."""
        self.delay = 0.0
        """Seconds that whatever comes waits before it goes on."""
        self.rate: int | None = None
        """Bytes a second, each way."""
        self.deaf = False
        """Whether what clients say is swallowed."""
        self.forged: tuple[bytes, bytes] | None = None
        """What in the server's answers is said in place of what."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"{scheme}://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._let_in, daemon=True).start()

    def watch(self) -> None:
        """Count the turns from here on."""
        with self._lock:
            self.turns, self._told, self._reached = 0, "answer", False

    def cut(self, way: Way, *, turn: int | None = None, saying: bytes | None = None, times: int = 1) -> None:
        """Close the connection in place of handing on a request, or its answer: that of a turn, or of certain words."""
        self.watch()
        self._cuts = [_Cut(way, turn, saying)] * times

    def mend(self) -> None:
        """Cut no more."""
        self._cuts = []

    @property
    def cuts_left(self) -> int:
        """How many cuts are still to come."""
        return len(self._cuts)

    def close(self) -> None:
        """Close all connections, and let no more in."""
        with suppress(OSError):  # where a door that is shut wakes nobody
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.break_off()

    def break_off(self) -> None:
        """Close all connections that are open."""
        with self._lock:
            there, self._open = self._open, set()
        for end in there:
            _shut(end)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _let_in(self) -> None:
        with suppress(OSError):  # the door is closed
            while True:
                caller, _ = self._door.accept()
                threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def _connect(self, caller: socket.socket) -> None:
        try:
            client = self._tls.wrap_socket(caller, server_side=True) if self._tls else caller
            server = socket.create_connection(self._server)
        except OSError:  # the one does not trust our certificate, or the other is down
            _shut(caller)
            return
        with self._lock:
            self._open |= {client, server}
        threading.Thread(target=self._hand_on, args=(client, server, "request"), daemon=True).start()
        threading.Thread(target=self._hand_on, args=(server, client, "answer"), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        with suppress(OSError):  # either end is closed
            while data := source.recv(65536):
                if self._is_cut(way, data):
                    break
                if way == "request" and self.deaf:
                    continue
                if way == "answer" and self.forged:
                    data = data.replace(*self.forged)
                time.sleep(self.delay)
                self._send(target, data)
        for end in (source, target):
            _shut(end)

    def _send(self, target: socket.socket, data: bytes) -> None:
        step = self.rate // 20 if self.rate else len(data)
        for start in range(0, len(data), step):
            target.sendall(data[start : start + step])
            if self.rate:
                time.sleep(step / self.rate)

    def _is_cut(self, way: Way, data: bytes) -> bool:
        with self._lock:
            if way == "request":
                if self._told == "answer":
                    self.turns += 1
                    self._reached = False
                self._reached |= bool(self._cuts) and (
                    self.turns == self._cuts[0].turn or (self._cuts[0].saying or b"\0" * 64) in data
                )
            self._told = way
            if not (self._reached and self._cuts[0].way == way):
                return False
            self._cuts.pop()
            self.turns, self._told, self._reached = 0, "answer", False
            return True


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        end.shutdown(socket.SHUT_RDWR)
    end.close()
