"""Benchmarks as commands: each prints progress to stderr and one JSON object, on one line, last on stdout."""
