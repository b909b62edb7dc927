"""The package: what a wheel carries, that it works where it is installed, and what importing it costs."""

import json
import os
import subprocess
import sys
import sysconfig
import types
import venv
import zipfile
from pathlib import Path

import pytest

import graphmem

ROOT = Path(__file__).parent.parent
LARGEST_PIPELINE = 20 * 2**20


def run(*command, cwd=None, **environment):
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of a fresh environment with the wheel, which sees the dependencies of this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    scheme = sysconfig.get_preferred_scheme("prefix") if os.name != "nt" else "nt"
    places = {name: sysconfig.get_path(name, scheme, {"base": str(folder)}) for name in ("purelib", "scripts")}
    python = Path(places["scripts"], "python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    Path(places["purelib"], "dependencies.pth").write_text(
        "\n".join(path for path in sys.path if "site-packages" in path)
    )
    return Path(places["scripts"])


def test_the_wheel_carries_the_queries_the_pipeline_and_their_licences_and_no_data(wheel):
    with zipfile.ZipFile(wheel) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    for query in (ROOT / "cypher").rglob("*.cypher"):
        assert f"graphmem/cypher/{query.relative_to(ROOT / 'cypher').as_posix()}" in sizes
    for name in (
        "cypher/browser/graphmem.grass",
        "cypher/browser/graphmem-guide.html",
        "py.typed",
        "english/fast/config.cfg",
        "english/LICENSE",
    ):
        assert f"graphmem/{name}" in sizes
    pipeline = sum(size for name, size in sizes.items() if name.startswith("graphmem/english/"))
    assert 2**20 < pipeline <= LARGEST_PIPELINE
    licences = {Path(name).name for name in sizes if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
    assert {name.split("/")[0] for name in sizes} == {"graphmem", "-".join(wheel.name.split("-")[:2]) + ".dist-info"}


def test_an_installed_package_does_its_job_in_another_folder(installed, tmp_path):
    where = run(installed / "python", "-c", "import graphmem; print(graphmem.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)
    program = installed / "graphmem"
    run(program, "--store", "notes.db", "add", "Ada Lovelace moved to London in 1835.", cwd=tmp_path)
    run(program, "--store", "notes.db", "add", "Ben plays the cello in Oslo.", cwd=tmp_path)
    answer = run(program, "--store", "notes.db", "search", "Who went to live in London?", "--json", cwd=tmp_path)
    assert json.loads(answer)[0]["text"] == "Ada Lovelace moved to London in 1835."
    assert os.listdir(tmp_path) == ["notes.db"]


def test_the_demo_of_an_installed_package_answers_its_questions(installed, tmp_path):
    told = run(installed / "graphmem", "demo", cwd=tmp_path)
    assert told.count("?") >= 3
    assert os.listdir(tmp_path) == []


def test_importing_graphmem_loads_no_heavy_library():
    program = "import sys, graphmem; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(run(sys.executable, "-W", "error", "-c", program).split())
    heavy = {"torch", "spacy", "neo4j", "sentence_transformers", "transformers", "onnxruntime", "networkx", "igraph"}
    assert not loaded & heavy


def test_adding_and_searching_load_no_torch():
    program = """
import sys
from graphmem import Memory

with Memory(":memory:") as memory:
    memory.add("Ada Lovelace moved to London in 1835.")
    memory.search("Who moved to London?")
print("spacy" in sys.modules, "torch" in sys.modules)
"""
    assert run(sys.executable, "-W", "error", "-c", program).split() == ["True", "False"]


def test_everything_that_is_promised_is_there_and_nothing_else():
    public = {
        name
        for name, value in vars(graphmem).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public - {"annotations"} == {name for name in graphmem.__all__ if not name.startswith("_")}
    assert len(set(graphmem.__all__)) == len(graphmem.__all__)
