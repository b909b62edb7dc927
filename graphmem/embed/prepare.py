"""Prepare a model: sentence-transformers loads it, torch exports it to ONNX.

This is the program `python -m graphmem.embed.prepare`, which `cache.py` starts.
The whole model is exported, so that pooling and normalisation are the model's own; one run gives the vectors of the
texts and, where the model has layers, the states of their tokens. What was exported is compared with the original
before it is used.

Token states are those after a third and after two thirds of the layers, side by side: what a parser needs is there, and
no longer at the end. A small classifier on the states of one word in all-MiniLM-L6-v2 (0 is the embedding, 6 the last
layer; UD English EWT, and Re-DocRED for entities) reads from layer

| | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 2 and 4 |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| relations | 60.1 | 66.9 | 75.9 | 77.7 | 75.0 | 70.5 | 61.9 | 77.6 |
| tags | 83.2 | 88.2 | 92.0 | 91.9 | 90.3 | 87.7 | 79.0 | 92.0 |
| entities | 80.5 | 84.2 | 87.1 | 88.3 | 88.7 | 87.5 | 85.2 | 89.2 |

The built-in model is rounded to 8 bits (weights by column, activations text by text), unless the processor multiplies
them badly: 1.6 times as fast, and no loss that one can measure. Recall@5 and @10 of plain dense retrieval, original
and rounded: MuSiQue 62.2, 70.3 and 61.0, 70.4; HotpotQA 78.5, 85.0 and 79.5, 85.0; LoCoMo 39.2, 50.4 and 40.0, 49.7.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from graphmem.embed.runtime import MODEL, STATES, TOKENIZER, VECTORS, WEIGHTS, Layout, OnnxModel, Prepared

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SAMPLES = (
    "Ada Lovelace wrote the first program.",
    "",
    "Where?",
    "In 1843 she published her notes on the Analytical Engine, which Charles Babbage had designed. " * 40,
    "Zürich, 東京 and 🙂 are in here.",
)
"""Texts of different lengths, on which an exported model has to agree with the original."""

SAME, ALIKE = 0.99999, 0.97
"""How alike (cosine) the exported model's vectors have to be to the original's: as it is, and rounded to 8 bits."""

SMALL = 100_000
"""Weights of fewer bytes stay in the model's own file."""

BATCH_TOKENS = 256
"""More tokens in one run leave the processor's cache and are slower; tokens per CPU second for sentences: 5,970 one by
one, 6,700 at 256, 5,790 at 1,024, 3,080 at 16,384."""


class TorchModel:
    """A model run by sentence-transformers itself, for what ONNX Runtime cannot run."""

    def __init__(self, location: str) -> None:
        self._model = open_model(location)
        self.dimension = int(self.vectors([""]).shape[1])

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False), np.float32)

    def count_tokens(self, text: str) -> int:
        return len(self._model.tokenizer.encode(text, add_special_tokens=False))


def open_model(location: str) -> SentenceTransformer:
    """Open a model on the processor, ready to run."""
    from sentence_transformers import SentenceTransformer

    plain = {
        "attn_implementation": "eager"
    }  # ONNX Runtime is 8 % faster on it than on what the fused one is exported to
    return SentenceTransformer(location, device="cpu", model_kwargs=plain).float().eval()


def prepare(location: str, folder: Path, *, eight_bits: bool) -> Prepared:
    """Write a model and its tokenizer into a folder, as ONNX Runtime and tokenizers take them."""
    model = open_model(location)
    expected = np.asarray(model.encode(list(SAMPLES), normalize_embeddings=True, show_progress_bar=False))
    try:
        layout = _export(model, folder, dimension=expected.shape[1])
        if eight_bits:
            _round(folder / MODEL)
            layout = replace(layout, batch_tokens=1)  # texts in one run would share their rounding
        _optimise(folder / MODEL)
        found = OnnxModel(folder, layout).vectors(SAMPLES)
    except Exception as error:  # whatever keeps a model from being exported, sentence-transformers still runs it
        _clear(folder)
        return Prepared(layout=None, obstacle=f"it cannot be exported ({_one_line(error)})")
    alike = float((found / np.linalg.norm(found, axis=1, keepdims=True) * expected).sum(axis=1).min())
    if not alike > (ALIKE if eight_bits else SAME):
        _clear(folder)
        if eight_bits:
            return prepare(location, folder, eight_bits=False)
        return Prepared(layout=None, obstacle=f"the exported model gives other vectors, cosine {alike:.4f}")
    return Prepared(layout=layout)


def _export(model: SentenceTransformer, folder: Path, *, dimension: int) -> Layout:
    import torch

    features = model.preprocess(list(SAMPLES[:2]))
    inputs = tuple(name for name, value in features.items() if isinstance(value, torch.Tensor))
    layers = _tell_layers(model)

    class Whole(torch.nn.Module):  # type: ignore[misc]  # takes tensors one by one, as the exporter wants them
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
            out = self.model(dict(zip(inputs, tensors, strict=True)))
            states = [out["all_layer_embeddings"][layer] for layer in layers]
            return out["sentence_embedding"], *([torch.cat(states, dim=-1)] if states else [])

    axes = {0: "texts", 1: "tokens"}
    outputs = [VECTORS, STATES] if layers else [VECTORS]
    with torch.no_grad():
        torch.onnx.export(
            Whole(),
            tuple(features[name] for name in inputs),
            str(folder / MODEL),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=dict.fromkeys((*inputs, *outputs), axes) | {VECTORS: {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
    tokenizer: Any = model.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    return Layout(
        dimension=dimension,
        max_length=model.max_seq_length or 512,
        prompt=model.prompts.get(model.default_prompt_name or "") or "",
        inputs=inputs,
        batch_tokens=BATCH_TOKENS,
    )


def _tell_layers(model: SentenceTransformer) -> tuple[int, ...]:
    """Have a model give the states after each layer; return the two layers that are kept, or none."""
    config = getattr(getattr(model[0], "model", None), "config", None)
    count = getattr(config, "num_hidden_layers", 0)
    if config is None or not count:
        return ()
    config.output_hidden_states = True
    return round(count / 3), round(count * 2 / 3)


def _round(path: Path) -> None:
    """Replace a model by one whose products are of 8-bit integers."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exact = path.with_suffix(".exact")
    path.replace(exact)
    quantize_dynamic(exact, path, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
    exact.unlink()


def _optimise(path: Path) -> None:
    """Replace a model by what ONNX Runtime makes of it, weights in a file beside it: that loads eight times as fast."""
    import onnx
    import onnxruntime

    plain = path.with_suffix(".plain")
    path.replace(plain)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    options.add_session_config_entry("session.x64quantprecision", "1")  # or CPUs without VNNI cut sums off at 16 bits
    onnxruntime.InferenceSession(str(plain), options, providers=["CPUExecutionProvider"])
    plain.unlink()
    onnx.save(onnx.load(path), path, save_as_external_data=True, location=WEIGHTS, size_threshold=SMALL)


def _clear(folder: Path) -> None:
    for name in (MODEL, WEIGHTS, TOKENIZER):
        (folder / name).unlink(missing_ok=True)


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


def main(location: str, folder: str, *options: str) -> None:
    """Prepare a model and print what came of it as JSON, on the last line of stdout: exporters may print as well."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            prepared = prepare(location, Path(folder), eight_bits="--eight-bits" in options)
    except Exception as error:
        sys.exit(_one_line(error))
    sys.stdout.write(f"\n{prepared.written()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
