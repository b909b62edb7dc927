"""Run docker/neo4j.py with more settings for the server, which the first argument has, one a line."""

from __future__ import annotations

import sys

from launcher import module


class Server(module.Server):
    """A server with more settings."""

    def configure(self, *arguments: object, **named: object) -> None:
        super().configure(*arguments, **named)
        with (self.home / "conf" / "neo4j.conf").open("a", encoding="utf-8") as file:
            file.write(SETTINGS)


if __name__ == "__main__":
    SETTINGS = sys.argv.pop(1)
    module.Server = Server
    module.START_SECONDS = 600  # a busy machine is no failure
    sys.exit(module.main())
