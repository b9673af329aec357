"""What a request may hold: unknown fields, wrong kinds and excess are refused by name."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.server.line import Question
from rag.types import Filters

_LONG = 20_000
_MANY = 100


class Restriction(BaseModel):
    """Which documents may answer: see `rag.Filters`."""

    model_config = ConfigDict(extra="forbid")

    documents: list[str] = Field(default=[], max_length=_MANY)
    outlets: list[str] = Field(default=[], max_length=_MANY)
    since: str | None = Field(default=None, max_length=10)
    until: str | None = Field(default=None, max_length=10)
    language: Literal["en", "zh"] | None = None

    def filters(self) -> Filters:
        return Filters(
            tuple(self.documents), tuple(self.outlets), self.since, self.until, self.language
        )


def filters_of(restriction: Restriction | None) -> Filters | None:
    """None stays None: no restriction at all."""
    return None if restriction is None else restriction.filters()


class Turn(BaseModel):
    """An earlier question and its answer."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=_LONG)
    answer: str = Field(max_length=_LONG)


class AskRequest(BaseModel):
    """A question, with what was asked before and which documents may answer."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=_LONG)
    history: list[Turn] = Field(default=[], max_length=_MANY)
    filters: Restriction | None = None

    def asked(self) -> Question:
        history = [(turn.question, turn.answer) for turn in self.history]
        return Question(self.question, history, filters_of(self.filters))


class SearchRequest(BaseModel):
    """A search for passages; no model is asked."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(max_length=_LONG)
    limit: int = Field(default=10, ge=1, le=16)
    filters: Restriction | None = None


class ChatMessage(BaseModel):
    """A message of the OpenAI dialect; only text is read."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(str(part.get("text", "")) for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """A chat completion of the OpenAI dialect. Sampling settings are accepted and ignored."""

    model: str = Field(max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=2 * _MANY)
    stream: bool = False
    filters: Restriction | None = None
