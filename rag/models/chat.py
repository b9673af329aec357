"""Chat formats: the scaffold of special tokens that a model was trained on, around plain text.

A prompt is a list of turns, each a list of pieces; only a piece marked `special` may form special
tokens, so nothing in a document or a question can end a turn or open another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.errors import ModelError
from rag.types import Message


class Piece(NamedTuple):
    """A stretch of prompt text and whether special tokens in it are meant."""

    text: str
    special: bool


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """How a turn is written: `opening` + role + `heading`, the content, `closing`.

    `mark` is found in the chat template of the weights that use this format. A format without a
    system role puts the system message before the first user message.
    """

    name: str
    mark: str
    opening: str
    heading: str
    closing: str
    assistant: str = "assistant"
    has_system: bool = True


FORMATS = (
    ChatFormat("chatml", "<|im_start|>", "<|im_start|>", "\n", "<|im_end|>\n"),
    ChatFormat(
        "llama3",
        "<|start_header_id|>",
        "<|start_header_id|>",
        "<|end_header_id|>\n\n",
        "<|eot_id|>",
    ),
    ChatFormat(
        "gemma",
        "<start_of_turn>",
        "<start_of_turn>",
        "\n",
        "<end_of_turn>\n",
        assistant="model",
        has_system=False,
    ),
)


def recognise(template: str, file: str) -> ChatFormat:
    """The format that a chat template (Jinja text kept in the weights) writes.

    Raises:
        ModelError: none of the known formats.
    """
    for known in FORMATS:
        if known.mark in template:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise ModelError(
        f"{file}: its chat template is {'absent' if not template else 'of an unknown format'}; "
        f"expected one of {names}. Use an instruction-tuned model of one of these formats."
    )


def render(messages: Sequence[Message], chat: ChatFormat) -> list[list[Piece]]:
    """The turns of a prompt, the last of them an assistant turn that is left open.

    Raises:
        ModelError: no message at all.
    """
    if not messages:
        raise ModelError("A prompt needs at least one message; found none.")
    if not chat.has_system:
        messages = _without_system(messages)
    open_turn = messages[-1] if messages[-1].role == "assistant" else Message("assistant", "")
    done = messages[:-1] if messages[-1].role == "assistant" else messages
    turns = [[*_begin(message, chat), Piece(chat.closing, True)] for message in done]
    return [*turns, _begin(open_turn, chat)]


def around_user(chat: ChatFormat) -> tuple[str, str]:
    """What stands before and after the text of a single user message whose reply comes next."""
    opening, heading = chat.opening, chat.heading
    return f"{opening}user{heading}", f"{chat.closing}{opening}{chat.assistant}{heading}"


def _begin(message: Message, chat: ChatFormat) -> list[Piece]:
    role = chat.assistant if message.role == "assistant" else message.role
    return [Piece(chat.opening + role + chat.heading, True), Piece(message.content, False)]


def _without_system(messages: Sequence[Message]) -> list[Message]:
    system = [m.content for m in messages if m.role == "system"]
    rest = [m for m in messages if m.role != "system"]
    if system and rest and rest[0].role == "user":
        rest[0] = Message("user", "\n\n".join([*system, rest[0].content]))
    elif system:
        rest.insert(0, Message("user", "\n\n".join(system)))
    return rest
