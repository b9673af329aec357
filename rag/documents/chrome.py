"""Page furniture: lines that belong to the page and not to what it says.

Two passes. `mark_lines` knows furniture by what a line is or by its repetition; the runs of link
titles and menus are known only once paragraphs are (`mark_runs` in `rag.documents.runs`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.documents import dates
from rag.documents.fold import HAN
from rag.documents.lines import Line, is_terminal
from rag.documents.shapes import is_caption, is_date_line, is_source_line
from rag.types import Chrome, Page

_LONGEST = 200
_URL = r"(?:\(?\[?\d{1,3}[\]).]?\s*)?[<(\[]?(?:https?://|www\.)\S+?[>)\]]?"
_LABELS = (
    r"share(?: (?:this|on|via|it|with)\b.{0,40})?:?|tweet|pin it|print|e-?mail(?: this)?|like this:?"
    r"|like|loading\.{0,3}|likes? loading.{0,3}|follow(?: us| me)?(?: on .{1,30})?|facebook|twitter"
    r"|linkedin|whatsapp|telegram|reddit|pinterest|copy link|save|bookmark|(?:click to )?share on .{1,40}"
    r"|(?:分享|转发|点赞|收藏|微信|微博|扫一扫|分享到).{0,20}"
)
_COMMENTS = (
    r"leave a (?:reply|comment).{0,60}|post a comment|add (?:a|your) comment|reply|no comments(?: yet)?"
    r"|cancel reply|you must be logged in.{0,60}|\d+ (?:comments?|responses?|replies):?|view all comments"
    r"|be the first to comment.{0,20}|your email address will not be published.{0,60}|comments are closed\.?"
    r"|发表评论|我要评论|查看评论|网友评论|登录后.{0,20}"
)
_NAVIGATION = (
    r"skip to (?:main )?content|menu|search(?: for:?| this (?:site|blog))?|log ?in|sign (?:in|up)|log ?out|register"
    r"|subscribe(?: (?:now|to|here|via)\b.{0,60})?|sign up (?:for|to)\b.{0,60}|newsletters?|back to top|home|about(?: us)?"
    r"|contact(?: us)?|rss(?: feed)?|previous(?: (?:post|article|page))?|next(?: (?:post|article|page))?|older (?:posts|entries)"
    r"|newer (?:posts|entries)|[«←<].{0,80}|.{0,80}[»→]|read more(?:\W.{0,80})?|continue reading.{0,120}|load more.{0,20}"
    r"|view (?:all|more|in browser|online).{0,40}|show more|archives?|categories|advertisements?|sponsored(?: content)?|unsubscribe.{0,60}"
    r"|(?:home|首页)\s*(?:[»›>/|]|blog\b|page \d).{0,120}|page \d+ of \d+|privacy policy|terms (?:of (?:use|service)|and conditions)"
    r"|cookie (?:policy|settings|preferences)|accept(?: all)?(?: cookies)?|首页|上一[篇页].{0,60}|下一[篇页].{0,60}|返回(?:顶部|首页)|更多|阅读全文|导航|登录|注册|搜索"
)
_LEGAL = (
    r"(?:copyright\b|©|\(c\)\s*\d{4}|版权所有|all rights reserved).{0,160}|.{0,100}all rights reserved\.?"
    r"|责任编辑\s?[:：].{0,30}|powered by .{1,60}|.{0,20}ICP备.{0,30}"
)
_TAGS = (
    r"(?:tags?|tagged(?: with)?|filed under|posted in|categor(?:y|ies)|labels|topics|keywords|标签|关键词|分类)\s?[:：].{0,180}"
    r"|filed under .{1,120}|posted by \S.{0,60} at \d{1,2}:\d{2}.{0,20}"
)
_PAGE = r".{0,70}\bpage \d{1,4} (?:of|/) \d{1,4}\W{0,3}|page \d{1,4}(?: (?:of|/) \d{1,4})?|[-–—] ?\d{1,4} ?[-–—]|p\. ?\d{1,4}|\[page \d{1,4}\]|第\s?\d{1,4}\s?页.{0,12}"
_HAN_MENU = rf"(?:[{HAN}]{{2,5}}[\s\u3000]+){{2,}}[{HAN}]{{2,5}}"
_CRUMBS = r"(?:[^>»›]{1,30}\s[>»›]\s)+[^>»›.。]{1,40}"
_LINKS = (
    r"(?:related|see also|read (?:next|also|more)|also read|more on|most read|相关阅读|推荐阅读)\s?[:：].{0,190}"
    r"|(?:[^|\d]{2,30}\s*\|\s*){2,}[^|\d]{2,40}"
)
_CONTENTS = r"(?:contents|in this issue|inside(?: this issue)?|目录|本期内容)\s?[:：].{0,190}|.{3,140}?\s*(?:\.\s?){4,}\s*\d{1,4}|.{3,140}?…{2,}\s*\d{1,4}"
_KINDS = (
    ("url", _URL + r"|\[[^\]]{1,80}\]:\s*\S+(?:\s+[\"'(].*)?"),
    (
        "separator",
        r"(?:[-=_*~#—–•·.+─━═]\s*){3,}|\*\s?\*\s?\*|\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?)?",
    ),
    (
        "placeholder",
        r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|\{\{[^{}]*\}\}|\[/?[a-z_]+(?:\s+\w+=[^\]]*)?\]|<!--.*-->",
    ),
    ("page number", _PAGE),
    ("contents", _CONTENTS),
    ("links", _LINKS),
    ("share", _LABELS),
    ("comments", _COMMENTS),
    ("menu", _NAVIGATION + "|" + _HAN_MENU + "|" + _CRUMBS),
    ("legal", _LEGAL),
    ("tags", _TAGS),
)
_KNOWN = re.compile(
    "|".join(f"(?P<k{number}>{body})" for number, (_, body) in enumerate(_KINDS)), re.IGNORECASE
)
_TOP_LINES = 12
_ISSUE = re.compile(
    r"\b(?:no|nr|vol(?:ume)?|issue|bulletin|number|edition)\b\.?\s*#?[\dIVX]|第\s?\d+\s?[期号版]",
    re.IGNORECASE,
)
_ISSUED = re.compile(r"\b(?:No|Nr|Vol|Issue|Edition)\b\.?\s*#?\d+", re.IGNORECASE)
_SIGNED = re.compile(r"\b[Bb]y\s|来源|作者|记者")
_WIDE = re.compile(r"\S\s{4,}\S")
_NUMBER = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")
_RUNNING_PARTS = re.compile(r"[•|·–—]|\bvol(?:ume)?\b|\bissue\b|\bno\.|第.+期", re.IGNORECASE)


def mark_lines(
    lines: Sequence[Line],
    pages: Sequence[Page] = (),
    given: Sequence[Chrome] = (),
    furniture: bool = True,
) -> list[str | None]:
    """The kind of furniture each line is by itself, or None; parallel to `lines`.

    `furniture` false keeps to what is `given`: in a table's rows a lone figure is a fact.
    """
    kinds = [_known(line.text) if furniture else None for line in lines]
    _mark_given(lines, given, kinds)
    if furniture:
        _mark_mastheads(lines, kinds)
        _mark_contents(lines, kinds)
    if not furniture:
        return kinds
    _mark_repeated(lines, pages, kinds)
    _mark_numbers(lines, kinds)
    return kinds


def _known(text: str) -> str | None:
    """Furniture by the line alone. A URL may be of any length, all else is short."""
    if len(text) > _LONGEST:
        return "url" if " " not in text and text.startswith(("http://", "https://")) else None
    found = _KNOWN.fullmatch(text)
    if found is None or found.lastgroup is None:
        return None
    return _KINDS[int(found.lastgroup[1:])][0]


def _mark_given(lines: Sequence[Line], given: Sequence[Chrome], kinds: list[str | None]) -> None:
    spans = sorted((chrome.start, chrome.end, chrome.kind) for chrome in given)
    at = 0
    for number, line in enumerate(lines):
        while at < len(spans) and spans[at][1] <= line.start:
            at += 1
        if at < len(spans) and spans[at][0] <= line.start and line.end <= spans[at][1]:
            kinds[number] = spans[at][2]


def _mark_repeated(lines: Sequence[Line], pages: Sequence[Page], kinds: list[str | None]) -> None:
    """Running heads and feet: short lines that come again, alike but for figures, at page seams."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if kinds[number] is None and len(line.text) <= 120 and not is_terminal(line.text):
            places[_DIGITS.sub("#", line.text)].append(number)
    edges = _page_edges(lines, pages)
    for pattern, numbers in places.items():
        if len(numbers) < 2 or pattern == "#" or is_source_line(lines[numbers[0]].text):
            continue
        if is_caption(lines[numbers[0]].text) or not any(map(str.isalpha, pattern)):
            continue
        if _is_running(lines, numbers, kinds, edges):
            for number in numbers:
                kinds[number] = "running head"


def _is_running(
    lines: Sequence[Line], numbers: list[int], kinds: list[str | None], edges: frozenset[int]
) -> bool:
    texts = [lines[number].text for number in numbers]
    if edges:
        return len(numbers) >= 3 and sum(number in edges for number in numbers) >= 0.8 * len(
            numbers
        )
    if (
        _RUNNING_PARTS.search(texts[0])
        and re.search(r"\d", texts[0])
        and len(set(texts)) <= len(texts)
    ):
        return _spread(numbers) and (len(set(texts)) == 1 or _counting(texts))
    if len(numbers) < 3 or not _spread(numbers):
        return False
    if len(set(texts)) == len(texts) and _counting(texts):
        return True
    seams = sum(_at_seam(lines, number, kinds) for number in numbers)
    return len(set(texts)) == 1 and seams >= 0.5 * len(numbers)


def _spread(numbers: Sequence[int]) -> bool:
    """Whether places lie apart as pages do, not in one list."""
    gaps = [after - before for before, after in itertools.pairwise(numbers)]
    return sorted(gaps)[len(gaps) // 2] >= 4


def _counting(texts: Sequence[str]) -> bool:
    """Whether the last figures of the texts go up as page numbers do."""
    values = [int(found[-1]) for text in texts if (found := _DIGITS.findall(text))]
    return len(values) == len(texts) and all(
        0 < after - before <= 20 for before, after in itertools.pairwise(values)
    )


def _at_seam(lines: Sequence[Line], number: int, kinds: Sequence[str | None]) -> bool:
    """Whether a line interrupts: beside a lone number, or in the middle of a sentence."""
    near = [at for at in (number - 1, number + 1) if 0 <= at < len(lines)]
    if any(_NUMBER.fullmatch(lines[at].text) or kinds[at] == "page number" for at in near):
        return True
    if number == 0 or number + 1 >= len(lines):
        return False
    before, after = lines[number - 1].text, lines[number + 1].text
    return not is_terminal(before) and after[0].islower()


def _page_edges(lines: Sequence[Line], pages: Sequence[Page]) -> frozenset[int]:
    """Numbers of the first two and last two lines of each page, when there are three or more."""
    if len(pages) < 3:
        return frozenset()
    edges: set[int] = set()
    at = 0
    for page in pages:
        first = at
        while at < len(lines) and lines[at].start < page.end:
            at += 1
        edges.update(range(first, min(first + 2, at)), range(max(first, at - 2), at))
    return frozenset(edges)


def _mark_numbers(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """Page numbers: lone figures beside furniture, in the middle of a sentence, or counting up."""
    alone = [
        number
        for number, line in enumerate(lines)
        if kinds[number] is None and len(line.text) <= 4 and _NUMBER.fullmatch(line.text)
    ]
    beside = {"url", "running head"}
    for number in alone:
        near = [kinds[at] for at in (number - 1, number + 1) if 0 <= at < len(lines)]
        if beside.intersection(kind for kind in near if kind) or _breaks_sentence(lines, number):
            kinds[number] = "page number"
    if len(alone) >= 3 and _spread(alone) and _counting([lines[at].text for at in alone]):
        for number in alone:
            kinds[number] = "page number"


def _breaks_sentence(lines: Sequence[Line], number: int) -> bool:
    if number == 0 or number + 1 >= len(lines):
        return False
    before, after = lines[number - 1].text, lines[number + 1].text
    return len(before) > 40 and not is_terminal(before) and after[0].islower()


def _mark_mastheads(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """The line at the top that names issue and date ("HARBOUR NOTES, No. 12, 6 June 2025")."""
    for number, line in enumerate(lines[:_TOP_LINES]):
        if kinds[number] is None and len(line.text) <= 140 and not line.text.endswith("."):
            dated = dates.DATE.search(line.text) is not None
            if (
                dated
                and not _SIGNED.search(line.text)
                and (_ISSUE.search(line.text) or _WIDE.search(line.text))
            ):
                kinds[number] = "masthead"
                _mark_again(lines, kinds, line.text)


def _mark_again(lines: Sequence[Line], kinds: list[str | None], text: str) -> None:
    """Later heads that carry the masthead's issue number."""
    issue = _ISSUED.search(text)
    if issue is None:
        return
    for number, line in enumerate(lines):
        if kinds[number] is not None or len(line.text) > 140 or issue[0] not in line.text:
            continue
        if _WIDE.search(line.text) or _RUNNING_PARTS.search(line.text.replace(issue[0], "")):
            kinds[number] = "running head"


def _mark_contents(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """The wrapped end of a list of contents that is set as running text with dashes."""
    for number, line in enumerate(lines[1:], 1):
        before = lines[number - 1].text
        wrapped = len(before) > 60 and " - " in before and " - " in line.text
        if kinds[number - 1] == "contents" and kinds[number] is None and wrapped:
            kinds[number] = "contents"


def masthead(lines: Sequence[Line], kinds: Sequence[str | None]) -> str | None:
    """The running head that names an outlet and a date ("NAME | Issue 3 | May 7, 2021"), if any."""
    counts = Counter(
        line.text
        for line, kind in zip(lines, kinds, strict=True)
        if kind == "running head" and _RUNNING_PARTS.search(line.text)
    )
    dated = [text for text, _ in counts.most_common() if _has_full_date(text)]
    if dated:
        return dated[0]
    at = next((n for n, kind in enumerate(kinds[:_TOP_LINES]) if kind == "masthead"), None)
    if at is None:
        return None
    above = [line.text for line in lines[:at] if len(line.text) <= 60 and line.text.isupper()]
    return " | ".join([*above[-1:], lines[at].text])


def _has_full_date(text: str) -> bool:
    return any(is_date_line(part.strip()) for part in re.split(r"[•|·]|\s[–—-]\s", text))
