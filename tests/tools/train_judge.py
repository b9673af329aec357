"""Train the adapter with which the default generator judges what answers a question.

    python -m tests.tools.train_judge OUT.gguf --squad dev-v2.0.json --minutes 45

Needs the package gguf besides the project's own (`pip install gguf==0.19.0`). LoRA (Hu et al.,
2021, arXiv 2106.09685) of rank 4 on all linear layers of the upper half; the base weights are those
that ship, dequantised, so that the adapter meets at work the errors it was trained with. All texts
of a question share one evaluation of the opening, as they do in `rag.models.judging`.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize
from torch import nn
from torch.nn import functional
from transformers import AutoModelForCausalLM, Qwen2Config

from rag.answering.prompt import judge_opening
from rag.home import home
from rag.models.fetch import resolve_generator
from rag.models.weights import Weights
from tests.tools.judge_pairs import Row, development_rows, squad_rows

RANK = 4
SCALE = 2.0
RATE = 4e-4
ROWS_A_STEP = 6
MOST_TOKENS = 900
_LAYERS = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}  # fmt: skip
_NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}


class Adapted(nn.Module):
    """A frozen linear layer plus a trained product of two thin matrices."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(
            torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features)
        )
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        thin = functional.linear(x, self.down.to(x.dtype))
        return self.linear(x) + SCALE * functional.linear(thin, self.up.to(x.dtype))


@dataclass
class Trained:
    """The model in bfloat16, its trained layers by their name in GGUF, and the tokeniser."""

    model: Any
    layers: dict[str, Adapted]
    first: int
    weights: Weights
    head: torch.Tensor

    @classmethod
    def load(cls, path: Path) -> Trained:
        weights = Weights(path)
        reader = GGUFReader(path)
        model = _dense(reader)
        model.requires_grad_(False)
        first = len(model.model.layers) // 2
        layers = {}
        for number in range(first, len(model.model.layers)):
            for ours, theirs in _LAYERS.items():
                parent_name, name = ours.split(".")
                parent = getattr(model.model.layers[number], parent_name)
                adapted = Adapted(getattr(parent, name))
                setattr(parent, name, adapted)
                layers[f"blk.{number}.{theirs}.weight"] = adapted
        words = [weights.tokenize(word, False)[0] for word in ("no", "yes")]
        output = next(t for t in reader.tensors if t.name == "output.weight")
        head = torch.from_numpy(dequantize(output.data, output.tensor_type)[words].copy())
        return cls(model, layers, first, weights, head)

    def parameters(self) -> list[nn.Parameter]:
        return [p for layer in self.layers.values() for p in (layer.down, layer.up)]

    def margins(self, row: Row) -> torch.Tensor | None:
        """float32 (texts,): how much more "yes" than "no"; None for a row that is too long."""
        opening, endings = self._tokens(row)
        identifiers = sum(endings, opening)
        if len(identifiers) > MOST_TOKENS:
            return None
        owner = np.repeat(np.arange(len(endings) + 1), [len(opening), *map(len, endings)])
        place = np.concatenate(
            [np.arange(len(opening)), *(len(opening) + np.arange(len(e)) for e in endings)]
        )
        sees = ((owner[:, None] == owner) | (owner == 0)) & np.tri(len(owner), dtype=bool)
        mask = torch.zeros(1, 1, *sees.shape, dtype=torch.bfloat16)
        mask[0, 0][~torch.from_numpy(sees)] = -1e9
        positions = torch.from_numpy(place)[None]
        last = np.cumsum([len(opening), *map(len, endings)])[1:] - 1
        base = self.model.model
        with torch.no_grad():
            hidden = base.embed_tokens(torch.tensor([identifiers]))
            rotary = base.rotary_emb(hidden, positions)
        for number, layer in enumerate(base.layers):
            with torch.set_grad_enabled(number >= self.first and torch.is_grad_enabled()):
                hidden = layer(
                    hidden, attention_mask=mask, position_ids=positions, position_embeddings=rotary
                )
        scores = functional.linear(base.norm(hidden[0, last]).float(), self.head)
        return scores[:, 1] - scores[:, 0]

    def save(self, path: Path) -> None:
        """As llama.cpp reads adapters: two matrices a layer, and the scale times the rank."""
        writer = GGUFWriter(str(path), "qwen2")
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", SCALE * RANK)
        for name, layer in self.layers.items():
            writer.add_tensor(f"{name}.lora_a", layer.down.detach().to(torch.float16).numpy())
            writer.add_tensor(f"{name}.lora_b", layer.up.detach().to(torch.float16).numpy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def _tokens(self, row: Row) -> tuple[list[int], list[list[int]]]:
        tokens = self.weights.tokenize
        opening = [*tokens("<|im_start|>user\n", True), *tokens(judge_opening(row.question), False)]
        closing = tokens("<|im_end|>\n<|im_start|>assistant\n", True)
        return opening, [[*tokens(text, False), *closing] for text, _ in row.texts]


def train(trained: Trained, rows: Sequence[Row], minutes: float) -> None:
    """One pass over the rows or as much of it as the time allows; the rate falls as a cosine."""
    parameters = trained.parameters()
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.0, betas=(0.9, 0.98))
    begun = time.monotonic()
    losses: list[float] = []
    for number, row in enumerate(rows, 1):
        spent = (time.monotonic() - begun) / (60 * minutes)
        if spent >= 1:
            break
        margins = trained.margins(row)
        if margins is not None:
            right = torch.tensor([float(answers) for _, answers in row.texts])
            loss = functional.binary_cross_entropy_with_logits(margins, right)
            (loss / ROWS_A_STEP).backward()
            losses.append(float(loss))
        if number % ROWS_A_STEP == 0:
            warm = min(1.0, number / (12 * ROWS_A_STEP))
            for group in optimiser.param_groups:
                group["lr"] = RATE * warm * (0.05 + 0.475 * (1 + math.cos(math.pi * spent)))
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        if number % 60 == 0:
            print(
                f"{number} rows, loss {np.mean(losses[-60:]):.3f}, {spent:.0%} of the time",
                flush=True,
            )


def _dense(reader: GGUFReader) -> Any:
    """The model of a GGUF file of the Qwen2 architecture, dequantised to bfloat16."""

    def setting(name: str) -> Any:
        return reader.get_field(f"qwen2.{name}").contents()

    rotary = {"rope_type": "default", "rope_theta": float(setting("rope.freq_base"))}
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    config = Qwen2Config(
        vocab_size=int(tensors["token_embd.weight"].shape[-1]),
        hidden_size=setting("embedding_length"),
        intermediate_size=setting("feed_forward_length"),
        num_hidden_layers=setting("block_count"),
        num_attention_heads=setting("attention.head_count"),
        num_key_value_heads=setting("attention.head_count_kv"),
        rms_norm_eps=setting("attention.layer_norm_rms_epsilon"),
        rope_parameters=rotary,
        tie_word_embeddings=True,
    )
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    state = {
        ours: torch.from_numpy(dequantize(tensors[theirs].data, tensors[theirs].tensor_type).copy())
        .to(torch.bfloat16)
        for ours, theirs in _names(config.num_hidden_layers)
    }  # fmt: skip
    model.load_state_dict(state, strict=False, assign=True)
    model.tie_weights()
    model.model.rotary_emb = type(model.model.rotary_emb)(config)
    return model.eval()


def _names(layers: int) -> Iterator[tuple[str, str]]:
    yield "model.embed_tokens.weight", "token_embd.weight"
    yield "model.norm.weight", "output_norm.weight"
    for number in range(layers):
        for ours, theirs in {**_LAYERS, **_NORMS}.items():
            yield f"model.layers.{number}.{ours}.weight", f"blk.{number}.{theirs}.weight"
        for ours in ("q", "k", "v"):
            yield (
                f"model.layers.{number}.self_attn.{ours}_proj.bias",
                f"blk.{number}.attn_{ours}.bias",
            )


def _rows(options: argparse.Namespace) -> list[Row]:
    random_ = random.Random(3)
    rows: list[Row] = []
    for path in options.squad:
        found = squad_rows(path, random_)
        rows += random_.sample(found, min(options.most, len(found)))
    if options.development:
        rows += development_rows(_developed(), Path("eval/corpus").resolve())
    random_.shuffle(rows)
    return rows


def _developed() -> Iterator[tuple[Any, Any]]:
    """The development questions with what the default index finds for them (rag index eval/corpus)."""
    from rag.answering.assistant import estimate_tokens
    from rag.answering.followup import complete
    from rag.answering.retrieval import retrieve
    from rag.evaluation.questions import load_set
    from rag.indexing import Index
    from rag.models.loading import as_embedder

    embedder = as_embedder(None, home())
    index = Index.open(home().index, embedder)
    for question in load_set("dev", Path("eval/questions")).questions:
        asked = complete(question.question, question.history)
        yield question, retrieve(index, embedder, asked, None, estimate_tokens).evidence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--squad", type=Path, action="append", default=[], help="SQuAD-style files")
    parser.add_argument("--most", type=int, default=650, help="questions of each file")
    parser.add_argument("--development", action="store_true", help="those of eval/ too")
    parser.add_argument("--minutes", type=float, default=45)
    options = parser.parse_args()
    torch.manual_seed(0)
    trained = Trained.load(resolve_generator(None, home()))
    train(trained, _rows(options), options.minutes)
    trained.save(options.out)


if __name__ == "__main__":
    main()
