"""The command line: each command parses, makes one call, prints."""

from graphmem.cli.main import main

__all__ = ["main"]
