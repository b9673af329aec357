"""Train the adapter with which the default generator judges what answers a question.

    python -m tests.tools.train_judge FIRST.gguf --squad dev-v2.0.json --development
    python -m tests.tools.train_judge OUT.gguf --begin FIRST.gguf --written models/training/*.json

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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize
from sklearn.metrics import roc_auc_score
from torch import nn
from torch.nn import functional

from rag.answering.prompt import judge_opening
from rag.home import home
from rag.models.fetch import resolve_generator
from rag.models.weights import Weights
from tests.tools.dequantised import LAYERS, dense
from tests.tools.judge_pairs import Row, development_rows, squad_rows, written_rows

RANK = 4
SCALE = 2.0
MOST_TOKENS = 1000
"""In one pass, which is also one step: about five questions."""
_WARMING = 8


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
    """The model, its trained layers by their name in GGUF, and the tokeniser."""

    model: Any
    layers: dict[str, Adapted]
    first: int
    weights: Weights
    head: torch.Tensor

    @classmethod
    def load(cls, path: Path) -> Trained:
        weights = Weights(path)
        reader = GGUFReader(path)
        model = dense(reader)
        model.requires_grad_(False)
        first = len(model.model.layers) // 2
        layers = {}
        for number in range(first, len(model.model.layers)):
            for ours, theirs in LAYERS.items():
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

    def margins(self, rows: Sequence[Row]) -> torch.Tensor:
        """float32 (texts of all rows,): how much more "yes" than "no"; the rows in one pass."""
        identifiers, place, owner, opening, last = self._packed(rows)
        sees = ((owner[:, None] == owner) | (opening[:, None] == owner)) & np.tri(
            len(owner), dtype=bool
        )
        base = self.model.model
        mask = torch.zeros(1, 1, *sees.shape, dtype=base.embed_tokens.weight.dtype)
        mask[0, 0][~torch.from_numpy(sees)] = -1e9
        positions = torch.from_numpy(place)[None]
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

    def packs(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        """The rows in their order, as many at a time as fit into one pass; none that is too long."""
        pack: list[Row] = []
        size = 0
        for row in rows:
            opening, endings = self._tokens(row)
            length = len(sum(endings, opening))
            if length > MOST_TOKENS:
                continue
            if size + length > MOST_TOKENS:
                yield pack
                pack, size = [], 0
            pack.append(row)
            size += length
        if pack:
            yield pack

    def _packed(
        self, rows: Sequence[Row]
    ) -> tuple[list[int], np.ndarray, np.ndarray, np.ndarray, list[int]]:
        """By token: its identifier, its place in its own text, the number of the opening or ending
        it belongs to, that of the opening it sees besides; and where the endings end."""
        identifiers: list[int] = []
        place: list[int] = []
        owner: list[int] = []
        seen: list[int] = []
        last: list[int] = []
        parts = 0
        for row in rows:
            opening, endings = self._tokens(row)
            first = parts
            for part in [opening, *endings]:
                begins = 0 if parts == first else len(opening)
                identifiers += part
                place += range(begins, begins + len(part))
                owner += [parts] * len(part)
                seen += [first] * len(part)
                if parts != first:
                    last.append(len(identifiers) - 1)
                parts += 1
        return identifiers, np.array(place), np.array(owner), np.array(seen), last

    def begin_with(self, path: Path) -> None:
        """Take over the numbers of an adapter that `save` wrote."""
        tensors = {tensor.name: tensor.data for tensor in GGUFReader(path).tensors}
        for name, layer in self.layers.items():
            for ours, theirs in ((layer.down, "lora_a"), (layer.up, "lora_b")):
                ours.data = torch.from_numpy(tensors[f"{name}.{theirs}"].astype(np.float32))

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


def train(trained: Trained, rows: Sequence[Row], minutes: float, rate: float) -> None:
    """One pass over the rows or as much of it as the time allows; the rate falls as a cosine."""
    parameters = trained.parameters()
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0, betas=(0.9, 0.98))
    begun = time.monotonic()
    losses: list[float] = []
    seen = 0
    for number, pack in enumerate(trained.packs(rows), 1):
        spent = (time.monotonic() - begun) / (60 * minutes)
        if spent >= 1:
            break
        right = torch.tensor([float(answers) for row in pack for _, answers in row.texts])
        loss = functional.binary_cross_entropy_with_logits(trained.margins(pack), right)
        loss.backward()
        losses.append(float(loss))
        seen += len(pack)
        warm = min(1.0, number / _WARMING)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (0.05 + 0.475 * (1 + math.cos(math.pi * spent)))
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if number % 10 == 0:
            print(
                f"{seen} rows, loss {np.mean(losses[-10:]):.3f}, {spent:.0%} of the time",
                flush=True,
            )


@torch.no_grad()
def held_out(trained: Trained, rows: Sequence[Row]) -> str:
    """How well texts that answer are told from texts that do not, on rows not trained on."""
    margins: list[float] = []
    right: list[bool] = []
    for pack in trained.packs(rows):
        margins += trained.margins(pack).tolist()
        right += [answers for row in pack for _, answers in row.texts]
    agree = np.mean(
        [(margin > 0) == answers for margin, answers in zip(margins, right, strict=True)]
    )
    return f"held out: AUROC {roc_auc_score(right, margins):.3f}, right {agree:.3f} of {len(right)}"


def _rows(options: argparse.Namespace) -> tuple[list[Row], list[Row]]:
    """Rows to train on, shuffled, and those of the written files held out."""
    random_ = random.Random(3)
    rows: list[Row] = []
    for path in options.squad:
        found = squad_rows(path, random_)
        rows += random_.sample(found, min(options.most, len(found)))
    if options.development:
        rows += development_rows(_developed(), Path("eval/corpus").resolve())
    aside: list[Row] = []
    for path in options.written:
        (aside if path.stem in options.aside else rows).extend(written_rows(path, random_))
    random_.shuffle(rows)
    return rows[options.skip :], aside


def _developed() -> Iterator[tuple[Any, Any]]:
    """The development questions with what the default index finds for them (rag index eval/corpus)."""
    from rag.answering.followup import complete
    from rag.answering.retrieval import retrieve
    from rag.evaluation.questions import load_set
    from rag.indexing import Index
    from rag.models.loading import as_embedder

    embedder = as_embedder(None, home())
    index = Index.open(home().index, embedder)
    for question in load_set("dev", Path("eval/questions")).questions:
        asked = complete(question.question, question.history)
        yield question, retrieve(index, embedder.encode, asked, None).evidence


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begin", type=Path, help="an adapter to go on from")
    parser.add_argument("--written", type=Path, nargs="*", default=[], help="of models/training")
    parser.add_argument("--aside", nargs="*", default=[], help="names of those not trained on")
    parser.add_argument("--squad", type=Path, action="append", default=[], help="SQuAD-style files")
    parser.add_argument("--most", type=int, default=650, help="questions of each of them")
    parser.add_argument("--development", action="store_true", help="the questions of eval/ too")
    parser.add_argument("--skip", type=int, default=0, help="rows an earlier run has seen of these")
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--rate", type=float, default=4e-4, help="the highest learning rate")
    options = parser.parse_args()
    torch.manual_seed(0)
    rows, aside = _rows(options)
    trained = Trained.load(resolve_generator(None, home()))
    if options.begin:
        trained.begin_with(options.begin)
    if aside:
        print("before,", held_out(trained, aside), flush=True)
    train(trained, rows, options.minutes, options.rate)
    trained.save(options.out)
    if aside:
        print("after,", held_out(trained, aside), flush=True)


if __name__ == "__main__":
    main()
