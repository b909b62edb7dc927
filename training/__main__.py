"""`python -m training --data DIR --output DIR`: train both halves, join them, prune, write the package folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import fix_random_seed, load_config

from training import casual, tokenizer  # noqa: F401  (registers what the configs name)
from training.assemble import assemble
from training.corpora import HERE, JOBS, lay_out


def train_job(job: str, data: Path, output: Path, steps: int | None) -> None:
    """Train one of the two halves ("parse" or "ner") on the CPU and leave its best state in `output`/model-best."""
    folders = lay_out(data, output.parent / "corpora", job)
    output.mkdir(parents=True, exist_ok=True)
    config = load_config(
        HERE / f"{job}.cfg",
        overrides={"paths.train": str(folders["train"]), "paths.dev": str(folders["dev"])}
        | ({"training.max_steps": steps} if steps else {}),
        interpolate=False,
    )
    fix_random_seed(config["system"]["seed"])
    nlp = init_nlp(config)
    train(nlp, output)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the corpora (DocBin files)")
    parser.add_argument("--output", type=Path, required=True, help="folder for work files and the result")
    parser.add_argument("--only", choices=sorted(JOBS), help="train one half and stop; two can run side by side")
    parser.add_argument("--join", action="store_true", help="do not train: join what an earlier run left in --output")
    parser.add_argument("--steps", type=int, help="updates per half instead of the configs' figure, for a trial")
    arguments = parser.parse_args()
    if not arguments.join:
        for job in [arguments.only] if arguments.only else list(JOBS):
            train_job(job, arguments.data, arguments.output / job, arguments.steps)
    if not arguments.only:
        halves = (arguments.output / job / "model-best" for job in ("parse", "ner"))
        print(json.dumps(assemble(*halves, arguments.output / "english", data=arguments.data)))


if __name__ == "__main__":
    main()
