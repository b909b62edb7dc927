"""Run a local Neo4j Community server with only Java and Maven: `python docker/neo4j.py start`.

The server's jars come from Maven Central into a per-user cache, once; the data folder is kept between runs.
`--line current` runs the newest Neo4j instead of the one with long-term support; `dump` and `load` back up and restore.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAVEN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
BROWSER = "org.neo4j.client:neo4j-browser:5.24.0"
ADMIN_TOOL = "org.neo4j.cli.AdminTool"
OPENED = tuple(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in ("java.nio", "java.io", "sun.nio.ch"))
HOST = "127.0.0.1"
DATABASE = "neo4j"
JAVA_PLACES = ("/usr/lib/jvm/*/bin", "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin")
START_SECONDS = 300
STOP_SECONDS = 300  # a large memory is written down before
UNAUTHORIZED = "Neo.ClientError.Security.Unauthorized"
SHORTEST_PASSWORD = 8  # the server refuses a shorter one
LEAST_ROOM = 16 << 20  # bytes; with none it neither starts nor stops, but tries to write for ever


class LauncherError(Exception):
    """What went wrong and what to do next, in one sentence or two."""


@dataclass(frozen=True)
class Line:
    """A line of Neo4j releases: which release of it runs here, and what that one needs."""

    version: str
    java_at_least: int
    entry_point: str
    options: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    folder: str = "neo4j"

    @property
    def artifacts(self) -> tuple[str, ...]:
        """Return what Maven is asked for."""
        ours = ("org.neo4j.app:neo4j-server", "org.neo4j:neo4j", *self.more)
        return (*(f"{artifact}:{self.version}" for artifact in ours), BROWSER)

    @property
    def cache(self) -> Path:
        """Return the folder of the server's jars, shared by all data folders of this user."""
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphmem" / f"neo4j-{self.version}"

    @property
    def default_home(self) -> Path:
        """Return the data folder that is used when none is named."""
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "graphmem" / self.folder


LINES = {
    "lts": Line("5.26.30", 17, "org.neo4j.server.CommunityEntryPoint", more=("org.neo4j:neo4j-bootcheck",)),
    "current": Line(
        "2026.08.1",
        21,
        "org.neo4j.server.Neo4jCommunity",
        options=("--add-modules", "jdk.incubator.vector"),
        folder="neo4j-current",
    ),
}


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


def java(line: Line) -> str:
    """Return the path of a Java that is new enough: that of JAVA_HOME, of the PATH, or the oldest that will do."""
    home = os.environ.get("JAVA_HOME")
    if home and not shutil.which("java", path=str(Path(home) / "bin")):
        raise LauncherError(f"No `java` in JAVA_HOME ({home}). Correct JAVA_HOME, or unset it")
    named = [shutil.which("java", path=str(Path(home) / "bin"))] if home else []
    installed = [
        shutil.which("java", path=str(place)) for pattern in JAVA_PLACES for place in Path("/").glob(pattern[1:])
    ]
    found: dict[str, int] = {}
    for program in [*named, shutil.which("java")]:
        if program and program not in found:
            found[program] = java_version(program)
            if found[program] >= line.java_at_least:
                return program
    others = {program: java_version(program) for program in sorted(set(filter(None, installed)) - set(found))}
    enough = {program: version for program, version in others.items() if version >= line.java_at_least}
    if enough:
        return min(enough, key=lambda program: enough[program])
    seen = ", ".join(f"{program} is Java {version}" for program, version in {**found, **others}.items())
    raise LauncherError(
        f"Neo4j {line.version} needs Java {line.java_at_least} or newer; {seen or 'no `java` was found'}. "
        f"Install one (on Debian: apt install default-jre-headless), or name it with JAVA_HOME"
    )


def java_version(program: str) -> int:
    """Return the first number of a Java's version."""
    answer = subprocess.run([program, "-version"], check=False, capture_output=True, text=True)
    version = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    if answer.returncode or not version:
        raise LauncherError(f"`{program} -version` does not work: {(answer.stderr + answer.stdout).strip()}")
    return int(version[1])


def assemble(line: Line) -> Path:
    """Fetch the server's jars from Maven Central unless they are there; return the folder that holds them."""
    cache = line.cache
    jars = cache / "lib"
    with locked(cache.with_name(cache.name + ".lock")):
        if jars.is_dir():
            return jars
        maven = shutil.which("mvn")
        if not maven:
            raise LauncherError("No `mvn` on the PATH. Install Maven, on Debian: apt install maven")
        print(
            f"Fetching Neo4j {line.version} from Maven Central into {cache} (once, about 170 MB) ...", file=sys.stderr
        )
        fresh = cache.with_name(f"{cache.name}.{secrets.token_hex(4)}")
        fresh.mkdir(parents=True)
        try:
            (fresh / "pom.xml").write_text(pom(line), encoding="utf-8")
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


def pom(line: Line) -> str:
    """Return the Maven project that depends on the server and nothing else."""
    dependencies = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>".format(
            *artifact.split(":")
        )
        for artifact in line.artifacts
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


@dataclass(frozen=True)
class Options:
    """How a server is to run."""

    port: int
    http_port: int
    password: str
    heap: str
    pagecache: str
    tls: tuple[Path, Path] | None = None

    def __post_init__(self) -> None:
        if len(self.password) < SHORTEST_PASSWORD:
            raise LauncherError(
                f"The password has {len(self.password)} characters; Neo4j wants at least {SHORTEST_PASSWORD}"
            )
        for size, what in ((self.heap, "heap"), (self.pagecache, "page cache")):
            if not re.fullmatch(r"\d+[kmgKMG]", size):
                raise LauncherError(f"{size!r} is no size of a {what}; write it as 512m or 2g")
        for path in self.tls or ():
            if not path.is_file():
                raise LauncherError(f"There is no file {path}: --tls wants a certificate and its private key, in PEM")


class Server:
    """One server and its data folder: `conf/`, `data/`, `logs/` and `server.json` (process and ports) while it runs."""

    def __init__(self, line: Line, home: Path | None = None) -> None:
        self.line = line
        self.home = (home or line.default_home).expanduser().resolve()
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

    def start(self, options: Options) -> dict[str, Any]:
        """Start the server unless it runs, wait until it answers to the password, and return where it is."""
        program, jars = java(self.line), assemble(self.line)
        with locked(self.home / "start.lock"):
            state = self.running()
            if state:
                if state["version"] != self.line.version:
                    raise LauncherError(f"Neo4j {state['version']} runs over {self.home}, not {self.line.version}")
                self.sign_in(state, options.password)
                return state
            if full := self.full():
                raise LauncherError(f"Neo4j cannot start: {full}")
            bolt, http = port_or_free(options.port, "--port"), port_or_free(options.http_port, "--http-port")
            self.configure(bolt, http, options)
            with self.log.open("wb") as output:
                process = subprocess.Popen(
                    [
                        *(program, f"-Xms{options.heap}", f"-Xmx{options.heap}", "-XX:+UseG1GC"),
                        *("-XX:+ExitOnOutOfMemoryError", *OPENED, *self.line.options),
                        *("-Dfile.encoding=UTF-8", "-cp", str(jars / "*"), self.line.entry_point),
                        *(f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}", "--console-mode"),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=self.home,
                    start_new_session=True,
                )
            state = {
                "pid": process.pid,
                "version": self.line.version,
                "uri": f"{'bolt+ssc' if options.tls else 'bolt'}://{HOST}:{bolt}",
                "browser": f"http://{HOST}:{http}/browser/",
                "http": f"http://{HOST}:{http}",
            }
            self.note.write_text(json.dumps(state), encoding="utf-8")
            try:
                self.wait_for(process, state)
                self.sign_in(state, options.password)
            except BaseException:
                self.stop()
                raise
            return state

    def configure(self, bolt: int, http: int, options: Options) -> None:
        """Write `conf/neo4j.conf`: this machine only, no usage report, bounded memory, encryption where asked for."""
        settings = {
            "server.default_listen_address": HOST,
            "server.bolt.listen_address": f"{HOST}:{bolt}",
            "server.bolt.advertised_address": f"{HOST}:{bolt}",
            "server.http.listen_address": f"{HOST}:{http}",
            "server.http.advertised_address": f"{HOST}:{http}",
            "server.https.enabled": "false",
            "server.memory.heap.initial_size": options.heap,
            "server.memory.heap.max_size": options.heap,
            "server.memory.pagecache.size": options.pagecache,
            "db.tx_log.rotation.retention_policy": "1 days 512M",
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",  # of Neo4j Browser
            "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",  # else stopping takes 5 s more
        }
        if options.tls:
            certificate, key = (path.resolve() for path in options.tls)
            settings |= {
                "server.bolt.tls_level": "REQUIRED",
                "dbms.ssl.policy.bolt.enabled": "true",
                "dbms.ssl.policy.bolt.base_directory": str(certificate.parent),
                "dbms.ssl.policy.bolt.public_certificate": str(certificate),
                "dbms.ssl.policy.bolt.private_key": str(key),
                "dbms.ssl.policy.bolt.client_auth": "NONE",
            }
        self.write(settings)

    def write(self, settings: dict[str, str]) -> None:
        """Make the folders, and `conf/neo4j.conf` from settings."""
        for folder in ("conf", "data", "logs", "import", "plugins"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text("# written by docker/neo4j.py\n" + lines, encoding="utf-8")

    def dump(self, file: Path) -> None:
        """Write the database of a stopped server into a new file."""
        if file.exists():
            raise LauncherError(f"{file} exists: choose another name, or delete it first")
        if not (self.home / "data" / "databases" / DATABASE).is_dir():
            raise LauncherError(f"There is no database in {self.home}: name the data folder with --home")
        part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        try:
            with part.open("xb") as output:
                self.admin(["database", "dump", DATABASE, "--to-stdout"], stdout=output)
            part.rename(file)
        except OSError as error:
            raise LauncherError(f"{file} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)

    def load(self, file: Path, *, overwrite: bool) -> None:
        """Take the database of a stopped server from a dump."""
        if not file.is_file():
            raise LauncherError(f"There is no file {file}")
        if (self.home / "data" / "databases" / DATABASE).exists() and not overwrite:
            raise LauncherError(f"{self.home} has a database: --overwrite replaces it with that of {file}")
        if not (self.home / "conf" / "neo4j.conf").exists():
            self.write({})
        with file.open("rb") as source:
            self.admin(["database", "load", DATABASE, "--from-stdin", "--overwrite-destination=true"], stdin=source)

    def admin(self, command: Sequence[str], *, stdin: Any = subprocess.DEVNULL, stdout: Any = subprocess.PIPE) -> None:
        """Run one command of neo4j-admin while no server can start over this data folder."""
        program, jars = java(self.line), assemble(self.line)
        with locked(self.home / "start.lock"):
            if self.running():
                raise LauncherError(f"A server runs over {self.home}: stop it first")
            done = subprocess.run(
                [program, *OPENED, *self.line.options, "-cp", str(jars / "*"), ADMIN_TOOL, *command],
                env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")},
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.PIPE,
                check=False,
            )
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip()
            raise LauncherError(f"neo4j-admin {' '.join(command[:2])} failed:\n{told[-2000:]}")

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
        if status == UNAUTHORIZED:
            change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
            status = ask(state, "neo4j", "system", change, {"password": password})
            if status == UNAUTHORIZED:
                raise LauncherError(
                    f"The server over {self.home} has another password. Give that one, or name a new folder with --home"
                )
            status = status or ask(state, password, "neo4j", "RETURN 1", {})
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
                why = self.full() or f"Its log: {self.log}"
                raise LauncherError(f"Process {pid} did not stop within {STOP_SECONDS} s. {why}")
            time.sleep(0.05)
        self.note.unlink(missing_ok=True)
        return True

    def full(self) -> str:
        """Say what to do if there is no room where the data is; nothing if there is."""
        data = self.home / "data"
        free = shutil.disk_usage(data if data.exists() else self.home).free
        return "" if free >= LEAST_ROOM else f"The disk of {data} has {free >> 20} MB left: make room, and try again"

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
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
            errors = json.load(answer)["errors"]
    except urllib.error.HTTPError as error:
        errors = json.loads(error.read() or b"{}").get("errors") or [{"code": f"HTTP {error.code}"}]
    except OSError as error:
        return f"no answer ({error})"
    return str(errors[0]["code"]) if errors else None


def arguments() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(prog="neo4j.py", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    homes = ", ".join(f"{name}: {line.default_home}" for name, line in LINES.items())
    versions = ", ".join(f"{name}: {line.version}, Java {line.java_at_least}+" for name, line in LINES.items())
    for name, text in (
        ("start", "start the server, or find it running, and print its URI"),
        ("stop", "stop the server; the data stays"),
        ("status", "print where the server runs; exit code 3 if it does not"),
        ("logs", "print the end of the server's log"),
        ("dump", "write the database of a stopped server into a file"),
        ("load", "take the database of a stopped server from such a file"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--line", choices=LINES, default="lts", help=f"which Neo4j ({versions}; %(default)s)")
        command.add_argument("--home", type=Path, help=f"the data folder ({homes})")
        if name == "start":
            command.add_argument("--port", type=int, default=7687, help="Bolt port, 0 for a free one (%(default)s)")
            command.add_argument("--http-port", type=int, default=7474, help="Browser, 0 for a free one (%(default)s)")
            command.add_argument("--password", help="of the user neo4j (the environment's NEO4J_PASSWORD)")
            command.add_argument("--heap", default="512m", help="memory of the Java heap (%(default)s)")
            command.add_argument(
                "--pagecache", default="256m", help="memory to keep the store's files in (%(default)s)"
            )
            tls = ("--tls", "CERTIFICATE", "KEY")
            command.add_argument(
                tls[0], nargs=2, type=Path, metavar=tls[1:], help="speak Bolt encrypted only (PEM files)"
            )
        if name == "logs":
            command.add_argument("--lines", type=int, default=50, help="how many lines (%(default)s)")
        if name in ("dump", "load"):
            command.add_argument("file", type=Path, help="the dump")
        if name == "load":
            command.add_argument("--overwrite", action="store_true", help="replace the database that is there")
    return parser


def run(server: Server, options: argparse.Namespace) -> int:
    """Do what one command says; the result goes to stdout, everything else to stderr."""
    if options.command == "start":
        password = options.password or os.environ.get("NEO4J_PASSWORD")
        if not password:
            raise LauncherError("No password. Set NEO4J_PASSWORD in the environment, or use --password")
        tls = tuple(options.tls) if options.tls else None
        state = server.start(Options(options.port, options.http_port, password, options.heap, options.pagecache, tls))
        print(state["uri"])
        print(f"Neo4j {state['version']}; Neo4j Browser: {state['browser']} (user neo4j)", file=sys.stderr)
    elif options.command == "stop":
        print("stopped" if server.stop() else "not running")
    elif options.command == "status":
        running = server.running()
        if not running:
            print("not running")
            return 3
        print(f"{running['uri']} {running['browser']} pid {running['pid']} Neo4j {running['version']}")
    elif options.command == "dump":
        server.dump(options.file)
        print(options.file)
    elif options.command == "load":
        server.load(options.file, overwrite=options.overwrite)
        print(f"loaded into {server.home}")
    else:
        print(server.tail(options.lines))
    return 0


def main() -> int:
    """Run one command."""
    options = arguments().parse_args()
    try:
        return run(Server(LINES[options.line], options.home), options)
    except LauncherError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
