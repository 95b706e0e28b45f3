"""A real cross-encoder of a few thousand weights, written to a folder: for tests of what holds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [MASK] privacidad datos pacientes hospitales leyes europeas piel no riesgo privacy data"
)


def make_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """Write a cross-encoder with random but fixed weights and so many outputs; return its folder."""
    import torch
    import transformers
    from sentence_transformers import CrossEncoder

    torch.manual_seed(7)
    words = WORDS.split()
    names = dict(enumerate(("contradiction", "entailment", "neutral")[:labels]))
    bert: Any = transformers  # typed in part
    config = bert.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, num_labels=labels, initializer_range=1.0, id2label=names if labels > 1 else None,
    )  # fmt: skip
    plain = folder / "plain"
    bert.BertForSequenceClassification(config).save_pretrained(plain)
    (plain / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    bert.BertTokenizerFast(vocab_file=str(plain / "vocab.txt"), model_max_length=64).save_pretrained(plain)
    made = folder / "cross-encoder"
    CrossEncoder(str(plain), local_files_only=True, device="cpu").save_pretrained(str(made))
    return made
