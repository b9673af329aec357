"""What a line looks like by itself: a headline, a caption, a counter, a source, a section name."""

from __future__ import annotations

import re

from rag.documents.abbreviations import SAID
from rag.documents.bylines import byline, header_line, provenance
from rag.documents.lines import starts_item
from rag.documents.sources import DASHED
from rag.documents.wording import is_title_case, words

_CAPTION = re.compile(
    r"(?:Image|Photo|Picture|Table|Figure|Fig\.|Chart|Map|Graph|Graphic|Caption|Exhibit|Box|Video"
    r"|Illustration|图|表|图片|图表)\s?(?:\d{1,3}[a-z]?\s?)?[:：.]",
)
_SOURCE = re.compile(
    r"(?:Sources?|Source of (?:data|information)|References?|Via|Credits?|Courtesy(?: of)?"
    r"|来源|资料来源|信息来源|文章来源|出处|稿源)\s*[:：]",
    re.IGNORECASE,
)
_INNER_STOP = re.compile(r"[.;。；](?:(?<=[a-z]{3}[.;])\s+[A-Z]|(?<=[。；]))")
_COUNTER = re.compile(
    r"\(?\d{1,4}\)?(?:\s*(?:comments?|views?|shares?|min(?:ute)?s? read|评论|阅读))?", re.I
)
_NUMBERED = re.compile(
    r"(?:(?:Chapter|Section|Part|Appendix|Article|Annex)\s+[\dIVXA-Z]+\b"
    r"|\d{1,2}(?:\.\d{1,2})*[.)]?\s"
    r"|[IVX]{1,5}\.\s|[A-Z]\.(?:\d{1,2}(?:\.\d{1,2})*\.?)?\s|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}[章节条部])"
)
LONGEST_HEADLINE = 170
_SAYS = re.compile(rf"\b(?:{SAID})[:：]$|(?:表示|指出|认为|说|称)[:：]$")
_WIDE_GAPS = re.compile(r"\s{3,}|\t")
_CLOSERS = "”’\"')）」』】》*_] "
_SECTION_NAME = re.compile(
    r"(?:foot|end)?notes|references|sources|bibliography|summary|executive summary|introduction"
    r"|conclusions?|appendix|annex(?:es)?|acknowledge?ments|about the authors?|contents|abstract"
    r"|注释|参考文献|摘要|引言|结论|附录|要目",
    re.IGNORECASE,
)


def is_headline(text: str) -> bool:
    """Whether a line could be a title or a heading: short, begun like one, without a full stop."""
    if not 2 <= len(text) <= LONGEST_HEADLINE:
        return False
    if (text.rstrip(_CLOSERS) or ".")[-1] in ".。;；,，…":
        return False
    opening = text.lstrip("“\"‘'#(《【[「*_ ")
    if not opening or not (opening[0].isupper() or opening[0].isdigit() or opening[0] >= "\u2e80"):
        return bool(opening) and opening[0].islower() and opening[1:2].isupper()
    if _INNER_STOP.search(text) or "://" in text or (starts_item(text) and not is_numbered(text)):
        return False
    if text[-1] in "?!？！" and (words(text) > 16 or re.search(r"[?!？！]\s*\S", text[:-1])):
        return False
    if text[-1] in ":：" and _leads_in(text):
        return False
    if len(_WIDE_GAPS.findall(text)) >= 2:
        return False
    if text[0] in "(（[［" and text[-1] in ")）]］":
        return False
    if _says_what_it_is(text):
        return False
    return 1 <= words(text) <= 26 and any(character.isalpha() for character in text)


def _leads_in(text: str) -> bool:
    """Whether a line with a colon leads in what follows, or says who says it."""
    if text[0].isdigit() and is_numbered(text) and words(text) > 4 and not is_title_case(text):
        return True  # "2. It does not apply to:"
    if words(text) > 14 or (words(text) > 8 and not is_title_case(text)):
        return True
    return _SAYS.search(text) is not None


def _says_what_it_is(text: str) -> bool:
    """Whether a line is a caption, a source, a byline or another part of an article's frame."""
    if is_caption(text) or is_source_line(text) or byline(text) or header_line(text):
        return True
    return provenance(text) is not None


def is_caption(text: str) -> bool:
    """Whether a line is the caption of an image or table; it carries facts and stays."""
    return _CAPTION.match(text) is not None


def is_source_line(text: str) -> bool:
    """Whether a line names the sources of what stands above it."""
    if len(text) <= 100 and text[0] in "-–—" and DASHED.fullmatch(text):
        return True
    if len(text) > 200 or not (":" in text or "：" in text):
        return False
    return _SOURCE.match(text) is not None


def is_numbered(text: str) -> bool:
    """Whether a heading carries a section number."""
    return _NUMBERED.match(text) is not None


def is_counter(text: str) -> bool:
    """Whether a line is only a number, as the comment count under a title."""
    return len(text) <= 20 and _COUNTER.fullmatch(text) is not None


def is_section_name(text: str) -> bool:
    """Whether a heading is one that only sections have."""
    return _SECTION_NAME.fullmatch(text.strip("【】 ")) is not None
