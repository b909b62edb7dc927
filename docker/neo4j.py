"""Run a local Neo4j Community server with only Java 17+ and Maven: `python docker/neo4j.py start`.

The server's jars come from Maven Central into a per-user cache, once; the data folder is kept between runs.
Where Docker is at hand, `docker compose -f docker/compose.yaml up` runs the same server.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSION = "5.26.30"  # the LTS line
ARTIFACTS = (
    f"org.neo4j.app:neo4j-server:{VERSION}",
    f"org.neo4j:neo4j:{VERSION}",
    f"org.neo4j:neo4j-bootcheck:{VERSION}",
    "org.neo4j.client:neo4j-browser:5.24.0",
)
MAVEN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
ENTRY_POINT = "org.neo4j.server.CommunityEntryPoint"
JAVA_AT_LEAST = 17
HOST = "127.0.0.1"
START_SECONDS = 120
STOP_SECONDS = 60
SHORTEST_PASSWORD = 8  # the server refuses a shorter one


class LauncherError(Exception):
    """What went wrong and what to do next, in one sentence or two."""


def cache_folder() -> Path:
    """Return the folder of the server's jars, shared by all data folders of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphmem" / f"neo4j-{VERSION}"


def default_home() -> Path:
    """Return the data folder that is used when none is named."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "graphmem" / "neo4j"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; the system frees it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as handle:
        if sys.platform == "win32":
            import msvcrt

            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)  # gives up after ten seconds
                    break
                except OSError:
                    continue
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def java() -> str:
    """Return the path of a Java that is new enough."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if not found:
        where = f"in JAVA_HOME ({home})" if home else "on the PATH"
        raise LauncherError(
            f"No `java` {where}. Install Java {JAVA_AT_LEAST} or newer, on Debian: apt install default-jre-headless"
        )
    answer = subprocess.run([found, "-version"], check=False, capture_output=True, text=True)
    version = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    if answer.returncode or not version:
        raise LauncherError(f"`{found} -version` does not work: {(answer.stderr + answer.stdout).strip()}")
    if int(version[1]) < JAVA_AT_LEAST:
        raise LauncherError(f"{found} is Java {version[1]}; Neo4j {VERSION} needs {JAVA_AT_LEAST} or newer")
    return found


def assemble() -> Path:
    """Fetch the server's jars from Maven Central unless they are there; return the folder that holds them."""
    cache = cache_folder()
    jars = cache / "lib"
    with locked(cache.with_name(cache.name + ".lock")):
        if jars.is_dir():
            return jars
        maven = shutil.which("mvn")
        if not maven:
            raise LauncherError("No `mvn` on the PATH. Install Maven, on Debian: apt install maven")
        print(f"Fetching Neo4j {VERSION} from Maven Central into {cache} (once, about 140 MB) ...", file=sys.stderr)
        fresh = cache.with_name(f"{cache.name}.{secrets.token_hex(4)}")
        fresh.mkdir(parents=True)
        try:
            (fresh / "pom.xml").write_text(pom(), encoding="utf-8")
            fetched = subprocess.run(
                [
                    *(maven, "-q", "-B", "-f", str(fresh / "pom.xml")),
                    *(MAVEN_GOAL, "-DincludeScope=runtime", f"-DoutputDirectory={fresh / 'lib'}"),
                ],
                check=False,
                capture_output=True,
                text=True,
            )
            if fetched.returncode:
                lines = [line for line in fetched.stdout.splitlines() if "ERROR" in line][:8]
                raise LauncherError("Maven could not fetch Neo4j:\n  " + "\n  ".join(lines or [fetched.stderr.strip()]))
            shutil.rmtree(cache, ignore_errors=True)
            fresh.rename(cache)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return jars


def pom() -> str:
    """Return the Maven project that depends on the server and nothing else."""
    dependencies = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>".format(
            *artifact.split(":")
        )
        for artifact in ARTIFACTS
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>graphmem</groupId><artifactId>neo4j-runtime</artifactId><version>1</version>"
        f"<packaging>pom</packaging><dependencies>{dependencies}</dependencies></project>"
    )


def port_or_free(port: int, option: str) -> int:
    """Return the port if nobody listens on it, or a free one for 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LauncherError(
                f"Port {port} is taken by another program ({error.strerror}). "
                f"Choose another with {option}, 0 for a free one"
            ) from error
        return int(probe.getsockname()[1])


class Server:
    """One server and its data folder: `conf/`, `data/`, `logs/` and `server.json` (process and ports) while it runs."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().resolve()
        self.note = self.home / "server.json"
        self.log = self.home / "logs" / "console.log"

    def running(self) -> dict[str, Any] | None:
        """Return pid, uri and browser of the running server, or None."""
        try:
            state: dict[str, Any] = json.loads(self.note.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return state if self.is_ours(int(state["pid"])) else None

    def is_ours(self, pid: int) -> bool:
        """Tell whether a process is the server of this data folder, and not a stranger with a used-up number."""
        with contextlib.suppress(ChildProcessError, OSError):
            os.waitpid(pid, os.WNOHANG)  # a child that ended is gone
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists():
            arguments = command.read_bytes().decode(errors="replace").split("\0")
        elif Path("/proc/self/cmdline").exists():
            return False
        else:
            ps = ["ps", "-p", str(pid), "-o", "args="]
            listed = subprocess.run(ps, check=False, capture_output=True, text=True)
            return f"--home-dir={self.home}" in listed.stdout
        return f"--home-dir={self.home}" in arguments

    def start(self, *, port: int, http_port: int, password: str, heap: str) -> dict[str, Any]:
        """Start the server unless it runs, wait until it answers to the password, and return where it is."""
        if len(password) < SHORTEST_PASSWORD:
            raise LauncherError(
                f"The password has {len(password)} characters; Neo4j wants at least {SHORTEST_PASSWORD}"
            )
        if not re.fullmatch(r"\d+[kmgKMG]", heap):
            raise LauncherError(f"{heap!r} is no heap size; write it as 512m or 2g")
        program, jars = java(), assemble()
        with locked(self.home / "start.lock"):
            state = self.running()
            if state:
                self.sign_in(state, password)
                return state
            bolt, http = port_or_free(port, "--port"), port_or_free(http_port, "--http-port")
            self.configure(bolt, http, heap)
            with self.log.open("wb") as output:
                process = subprocess.Popen(
                    [program, f"-Xms{heap}", f"-Xmx{heap}", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"]
                    + [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch")]
                    + ["-Dfile.encoding=UTF-8", "-cp", str(jars / "*"), ENTRY_POINT]
                    + [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}", "--console-mode"],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=self.home,
                    start_new_session=True,
                )
            state = {
                "pid": process.pid,
                "uri": f"bolt://{HOST}:{bolt}",
                "browser": f"http://{HOST}:{http}/browser/",
                "http": f"http://{HOST}:{http}",
            }
            self.note.write_text(json.dumps(state), encoding="utf-8")
            try:
                self.wait_for(process, state)
                self.sign_in(state, password)
            except BaseException:
                self.stop()
                raise
            return state

    def configure(self, bolt: int, http: int, heap: str) -> None:
        """Write `conf/neo4j.conf`: this machine only, no usage report, bounded memory."""
        for folder in ("conf", "data", "logs", "import", "plugins"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        settings = {
            "server.default_listen_address": HOST,
            "server.bolt.listen_address": f"{HOST}:{bolt}",
            "server.bolt.advertised_address": f"{HOST}:{bolt}",
            "server.http.listen_address": f"{HOST}:{http}",
            "server.http.advertised_address": f"{HOST}:{http}",
            "server.https.enabled": "false",
            "server.memory.heap.initial_size": heap,
            "server.memory.heap.max_size": heap,
            "server.memory.pagecache.size": "256m",
            "db.tx_log.rotation.retention_policy": "1 days 512M",
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",  # of Neo4j Browser
            "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",  # else stopping takes 5 s more
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text("# written by docker/neo4j.py\n" + lines, encoding="utf-8")

    def wait_for(self, process: subprocess.Popen[bytes], state: dict[str, Any]) -> None:
        """Return once the server answers over HTTP and Bolt."""
        end = time.monotonic() + START_SECONDS
        port = int(state["uri"].rpartition(":")[2])
        while time.monotonic() < end:
            if process.poll() is not None:
                raise LauncherError(f"Neo4j ended with code {process.returncode} while starting:\n{self.tail(15)}")
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(state["http"], timeout=5),
                socket.create_connection((HOST, port), timeout=5),
            ):
                return
            time.sleep(0.1)
        raise LauncherError(f"Neo4j did not answer within {START_SECONDS} s:\n{self.tail(15)}")

    def sign_in(self, state: dict[str, Any], password: str) -> None:
        """Check the password; on a new data folder replace the first one, as the first log-in has to."""
        status = ask(state, password, "neo4j", "RETURN 1", {})
        if status == "Neo.ClientError.Security.Unauthorized":
            change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
            if ask(state, "neo4j", "system", change, {"password": password}) is not None:
                raise LauncherError(
                    f"The server over {self.home} has another password. Give that one, or name a new folder with --home"
                )
            status = ask(state, password, "neo4j", "RETURN 1", {})
        if status is not None:
            raise LauncherError(f"Neo4j runs but does not answer a query: {status}. Its log: {self.log}")

    def stop(self) -> bool:
        """Stop the server gracefully; False if it did not run."""
        state = self.running()
        if not state:
            self.note.unlink(missing_ok=True)
            return False
        pid = int(state["pid"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while self.is_ours(pid):
            if time.monotonic() > end:
                raise LauncherError(f"Process {pid} did not stop within {STOP_SECONDS} s. Its log: {self.log}")
            time.sleep(0.05)
        self.note.unlink(missing_ok=True)
        return True

    def tail(self, lines: int) -> str:
        """Return the last lines of the server's log."""
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            raise LauncherError(f"No log at {self.log}: no server was started over {self.home}") from None


def ask(state: dict[str, Any], password: str, database: str, query: str, parameters: dict[str, str]) -> str | None:
    """Send one query over HTTP; return the code of the server's error, None if all went well."""
    token = base64.b64encode(f"neo4j:{password}".encode()).decode()
    request = urllib.request.Request(
        f"{state['http']}/db/{database}/tx/commit",
        data=json.dumps({"statements": [{"statement": query, "parameters": parameters}]}).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            errors = json.load(answer)["errors"]
    except urllib.error.HTTPError as error:
        errors = json.loads(error.read() or b"{}").get("errors") or [{"code": f"HTTP {error.code}"}]
    return str(errors[0]["code"]) if errors else None


def arguments() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="neo4j.py", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("start", "start the server, or find it running, and print its URI"),
        ("stop", "stop the server; the data stays"),
        ("status", "print where the server runs; exit code 3 if it does not"),
        ("logs", "print the end of the server's log"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--home", type=Path, default=default_home(), help="the data folder (%(default)s)")
        if name == "start":
            command.add_argument("--port", type=int, default=7687, help="Bolt port, 0 for a free one (%(default)s)")
            command.add_argument("--http-port", type=int, default=7474, help="Browser, 0 for a free one (%(default)s)")
            command.add_argument("--password", help="of the user neo4j (the environment's NEO4J_PASSWORD)")
            command.add_argument("--heap", default="512m", help="memory of the Java heap (%(default)s)")
        if name == "logs":
            command.add_argument("--lines", type=int, default=50, help="how many lines (%(default)s)")
    return parser


def main() -> int:
    """Run one command; the result goes to stdout, everything else to stderr."""
    options = arguments().parse_args()
    server = Server(options.home)
    try:
        if options.command == "start":
            password = options.password or os.environ.get("NEO4J_PASSWORD")
            if not password:
                raise LauncherError("No password. Set NEO4J_PASSWORD in the environment, or use --password")
            state = server.start(port=options.port, http_port=options.http_port, password=password, heap=options.heap)
            print(state["uri"])
            print(f"Neo4j Browser: {state['browser']} (user neo4j)", file=sys.stderr)
        elif options.command == "stop":
            print("stopped" if server.stop() else "not running")
        elif options.command == "status":
            running = server.running()
            print(f"{running['uri']} {running['browser']} pid {running['pid']}" if running else "not running")
            return 0 if running else 3
        else:
            print(server.tail(options.lines))
    except LauncherError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
