"""Settings from the environment: `GRAPHMEM_*`, and for a server the usual `NEO4J_*`. No `.env` file is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from graphmem.errors import InvalidInput

VARIABLES = {
    "store": ("GRAPHMEM_STORE",),
    "group": ("GRAPHMEM_GROUP",),
    "model": ("GRAPHMEM_MODEL",),
    "pipeline": ("GRAPHMEM_PIPELINE",),
    "lexicon": ("GRAPHMEM_LEXICON",),
    "index": ("GRAPHMEM_INDEX",),
    "neo4j_uri": ("NEO4J_URI",),
    "neo4j_user": ("NEO4J_USER", "NEO4J_USERNAME"),
    "neo4j_password": ("NEO4J_PASSWORD",),
    "neo4j_token": ("NEO4J_TOKEN",),
    "neo4j_database": ("NEO4J_DATABASE",),
    "neo4j_timeout": ("NEO4J_TIMEOUT",),
    "neo4j_transaction_timeout": ("NEO4J_TRANSACTION_TIMEOUT",),
}
"""Which environment variables set what; the first one that is not empty wins."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment says.

    >>> Settings.read({"NEO4J_URI": "bolt://localhost:7687", "NEO4J_USERNAME": "ada"}).neo4j_user
    'ada'
    """

    store: str | None = None
    """A path, ":memory:", or a bolt:// or neo4j:// address."""
    group: str = "default"
    """The tenant."""
    model: str | None = None
    """The embedding model, a sentence-transformers name or path; None is the built-in one."""
    pipeline: str | None = None
    """A profile of the built-in English, "fast" or "accurate" (the default), or a spaCy pipeline, a name or path."""
    lexicon: str | None = None
    """A file that adds to the packaged lexicon of states, see `graphmem/resolve/lexicon.toml`."""
    index: str = "auto"
    """Where searches run: "process", "server", or "auto", which chooses by size."""
    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_token: SecretStr | None = None
    """A bearer token of single sign-on, in place of user and password."""
    neo4j_database: str = "neo4j"
    neo4j_timeout: float = 30.0
    """Seconds to wait for the server: until it is reached, and again until what fails for a passing reason succeeds."""
    neo4j_transaction_timeout: float = 600.0
    """Seconds after which the server gives up one transaction, so that a writer that is lost holds up no other."""

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from environment variables; empty ones count as not set."""
        first = {
            field: next((value for name in names if (value := environment.get(name, "").strip())), None)
            for field, names in VARIABLES.items()
        }
        found: dict[str, Any] = {field: value for field, value in first.items() if value is not None}
        for secret in {"neo4j_password", "neo4j_token"} & found.keys():
            found[secret] = SecretStr(found[secret])
        for number in {"neo4j_timeout", "neo4j_transaction_timeout"} & found.keys():
            found[number] = _seconds(number.upper(), found[number])
        return cls(**found)

    @property
    def address(self) -> str:
        """Where the memory is: `store`, else the Neo4j server if one is set, else graphmem.db in this folder."""
        return self.store or self.neo4j_uri or "graphmem.db"


def _seconds(name: str, told: str) -> float:
    try:
        seconds = float(told)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise InvalidInput(f"{name}={told!r}: give a number of seconds above 0, such as 30")
    return seconds
