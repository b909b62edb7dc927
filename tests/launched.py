"""Run docker/neo4j.py with more settings for the server, which the first argument has, one a line."""

from __future__ import annotations

import importlib.util
import sys

from conftest import LAUNCHER

spec = importlib.util.spec_from_file_location("launcher", LAUNCHER)
launcher = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = launcher
spec.loader.exec_module(launcher)


SETTINGS = sys.argv.pop(1)


class Server(launcher.Server):
    """A server with more settings."""

    def configure(self, *arguments: object, **named: object) -> None:
        super().configure(*arguments, **named)
        with (self.home / "conf" / "neo4j.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)


launcher.Server = Server
launcher.START_SECONDS = 600  # a busy machine is no failure
sys.exit(launcher.main())
