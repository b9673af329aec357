"""What a request may hold: unknown fields, wrong kinds and excess are refused by name.

And how the interface describes its replies to machines, errors included.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from rag.errors import UsageError
from rag.server.line import Question
from rag.types import Filters

_LONG = 20_000
_MANY = 100


class Problem(BaseModel):
    """What was wrong, in the shape of the OpenAI dialect."""

    message: str
    type: str
    param: None = None
    code: int


class ErrorBody(BaseModel):
    """Every error of this server."""

    error: Problem


_WORDS = {
    400: "The question, filter, document or body cannot be used.",
    401: "A key is needed.",
    403: "Pages of other sites may not ask.",
    404: "There is no such thing.",
    405: "Not by this method.",
    408: "The request took too long to arrive.",
    413: "The request is too large.",
    421: "Not a name of this server.",
    422: "A field is absent, unknown or of the wrong kind.",
    429: "Too many requests; see Retry-After.",
    500: "A fault of the server.",
    503: "As many wait as may, no index or model yet, or the server is being stopped.",
}
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": words} for status, words in _WORDS.items()
}


def also_as(media_type: str) -> dict[int | str, dict[str, Any]]:
    """For a route that streams: what it gives besides JSON."""
    return {200: {"content": {media_type: {"schema": {"type": "string"}}}}}


Day = Annotated[str, Field(max_length=10, pattern="^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
"""A date as filters take it, whole or in part."""


class Restriction(BaseModel):
    """Which documents may answer: see `rag.Filters`."""

    model_config = ConfigDict(extra="forbid")

    documents: list[str] = Field(default=[], max_length=_MANY)
    outlets: list[str] = Field(default=[], max_length=_MANY)
    since: Day | None = None
    until: Day | None = None
    language: Literal["en", "zh"] | None = None

    @field_validator("since", "until")
    @classmethod
    def _dated(cls, given: str | None, field: ValidationInfo) -> str | None:
        """What `Filters` says of a date, told as every other fault of a request is."""
        try:
            Filters(since=given) if field.field_name == "since" else Filters(until=given)
        except UsageError as error:
            raise ValueError(str(error)) from error
        return given

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
            return "\n".join(str(part.get("text") or "") for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """A chat completion of the OpenAI dialect. Sampling settings are accepted and ignored."""

    model: str = Field(max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=2 * _MANY)
    stream: bool = False
    filters: Restriction | None = None
