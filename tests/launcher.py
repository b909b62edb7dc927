"""The launcher docker/neo4j.py as a module; `import neo4j` is the driver."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

from conftest import LAUNCHER

_spec = importlib.util.spec_from_file_location("docker_neo4j", LAUNCHER)
assert _spec is not None
assert _spec.loader is not None
module = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = module
_spec.loader.exec_module(module)


def launch(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher as a command."""
    command = [sys.executable, LAUNCHER, *arguments]
    without = {name: value for name, value in os.environ.items() if name not in ("NEO4J_PASSWORD", "JAVA_HOME")}
    environment = {**without, **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
