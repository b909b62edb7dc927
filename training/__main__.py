"""`python -m training --data DIR --output DIR`: train the halves of both profiles, join and prune them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import fix_random_seed, load_config
from thinc.api import Config

from training import casual, tokenizer  # noqa: F401  (registers what the configs name)
from training.assemble import assemble
from training.corpora import HERE, JOBS, lay_out
from training.vectors import write_vectors

PROFILES = ("fast", "accurate")


def train_job(profile: str, job: str, data: Path, output: Path, steps: int | None) -> None:
    """Train one half ("parse" or "ner") of a profile on the CPU and leave its best state in model-best."""
    folder = output / profile / job
    folder.mkdir(parents=True, exist_ok=True)
    parts = lay_out(data, output / "corpora", job)
    config = load_config(
        HERE / f"{job}.cfg",
        overrides={"paths.train": str(parts["train"]), "paths.dev": str(parts["dev"])},
        interpolate=False,
    )
    if profile == "accurate":
        read_states(config, job)
    else:
        config["paths"]["vectors"] = str(write_vectors(folder / "vectors"))
    if steps:
        config["training"]["max_steps"] = steps
    fix_random_seed(config["system"]["seed"])
    nlp = init_nlp(config)
    train(nlp, folder)


def read_states(config: Config, job: str) -> None:
    """Put the word features of the accurate profile in place of those of the fast one."""
    owner = config["components"]["tok2vec"] if job == "parse" else config["components"]["ner"]["model"]
    accurate = load_config(HERE / "accurate.cfg")
    owner["model" if job == "parse" else "tok2vec"] = accurate["model"]
    config["system"]["states"] = True
    config["training"]["max_steps"] = accurate["steps"][job]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the corpora (DocBin files)")
    parser.add_argument("--output", type=Path, required=True, help="folder for work files and the result")
    parser.add_argument("--profile", choices=PROFILES, help="one profile instead of both")
    parser.add_argument("--only", choices=sorted(JOBS), help="train one half and stop; several can run side by side")
    parser.add_argument("--join", action="store_true", help="do not train: join what an earlier run left in --output")
    parser.add_argument("--steps", type=int, help="updates per half instead of the configs' figure, for a trial")
    arguments = parser.parse_args()
    for profile in [arguments.profile] if arguments.profile else PROFILES:
        if not arguments.join:
            for job in [arguments.only] if arguments.only else list(JOBS):
                train_job(profile, job, arguments.data, arguments.output, arguments.steps)
        if not arguments.only:
            halves = (arguments.output / profile / job / "model-best" for job in ("parse", "ner"))
            print(json.dumps(assemble(profile, *halves, arguments.output / "english" / profile, data=arguments.data)))


if __name__ == "__main__":
    main()
