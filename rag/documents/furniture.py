"""Words and shapes of page furniture that any web page or newsletter may carry."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.documents.fold import HAN

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.")


def _alternatives(body: str) -> list[str]:
    """The alternatives of a pattern that stand outside its groups and classes."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(body):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _each(beginnings: str, rest: str) -> str:
    """Alternatives that go on alike, written out so that each shows its first letter."""
    return "|".join(one + rest for one in _alternatives(beginnings))


_LONGEST = 200
_LONGEST_LABEL = 50
_URL = r"(?:\(?\[?\d{1,3}[\]).]?\s*)?[<(\[]?(?:https?://|www\.)\S+?[>)\]]?"
_LINK = r"(?:[*•–-]{1,2}\s(?=\w)|(?-i:(?=[A-Z])))[^.!?:<(]{2,60}\s[<(]https?://[^\s<>()]+[>)]"
"""A few words and an address, as a mail in plain text writes a link."""
_HAN_SHARE = (
    r"(?:到|至|给|本文|此文|好友|朋友圈|微信|微博|空间|链接|文章|扫一扫|扫码|分享|转发|点赞|收藏"
    r"|公众号|二维码|号|[\s:：|·/、（）()\d]){0,12}"
)
"""Nothing but this stands behind the first word of a share button; a sentence says more."""
_LABELS = (
    r"[♡♥❤👍☆★]\ufe0f?\s*\d{0,6}|share(?: (?:this|on|via|it|with)\b.{0,40})?:?|tweet|pin it|print"
    r"|e-?mail(?: this)?|like this:?"
    r"|(?:(?:share|comment|like|reply|tweet|print|save|e-?mail)(?:[\s|·,]+|$)){2,6}"
    r"|like|loading\.{0,3}|likes? loading.{0,3}|follow(?: us| me)?(?: on .{1,30})?|facebook|twitter"
    r"|linkedin|whatsapp|telegram|reddit|pinterest|copy link|save|bookmark"
    r"|click to share on .{1,40}|share on .{1,40}|"
    + _each("扫一扫|点击上方|点击下方", ".{0,20}")
    + "|"
    + _each("分享|转发|点赞|收藏|微信|微博", _HAN_SHARE)
    + r"|\d[\d.,]*[km]? (?:followers|subscribers|following)(?:\s?[|·•,].{0,20})?"
    r"|[大中小](?:字号|\s[大中小])+|字号\s?[:：].{0,20}|字体\s?[:：].{0,20}"
)
_COMMENTS = (
    r"leave a (?:reply|comment).{0,60}|post a comment|add (?:a|your) comment|reply"
    r"|no comments(?: yet)?"
    r"|cancel reply|you must be logged in.{0,60}|\d+ (?:comments?|responses?"
    r"|replies):?|view all comments"
    r"|be the first to comment.{0,20}|your email address will not be published.{0,60}"
    r"|report an error|\d+ (?:people|readers|users) (?:have )?(?:found|liked?) this.{0,20}"
    r"|comments are closed\.?"
    r"|发表评论|我要评论|查看评论|网友评论|登录后.{0,20}"
)
_NAVIGATION = (
    r"skip to (?:main )?content|menu|search(?: for:?| this (?:site|blog))?|log ?in"
    r"|sign (?:in|up)|log ?out|register"
    r"|subscribe(?: (?:now|to|here|via)\b.{0,60})?|sign up (?:for|to)\b.{0,60}"
    r"|newsletters?|home|about(?: us)?"
    r"|contact(?: us)?|rss(?: feed)?|previous(?: (?:post|article|page))?"
    r"|next(?: (?:post|article|page))?|older (?:posts|entries)(?: home)?"
    r"|newer (?:posts|entries)(?: home)?|blog archive|view my complete profile"
    r"|(?:(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october"
    r"|november|december)(?: (?:19|20)\d\d)? \(\d{1,4}\)|newer posts older posts(?: home)?"
    r"|older\s?[:：].{0,120}|newer\s?[:：].{0,120}"
    r"|previous\s?[:：].{0,120}|next\s?[:：][^.!?]{0,120}"
    r"|.{0,120}\bto unsubscribe\b.{0,80}"
    r"|.{0,150}\bto subscribe,? (?:visit|go to|write|e-?mail|send|reply|click|use)\b.{0,90}"
    r"|[^，。；]{0,20}(?:退订|取消订阅)(?:[^，。；]{0,30}|，请.{0,28})"
    r"|you(?:[’']re| are)? (?:receiv(?:e|ed|ing)|get|getting) this (?:e-?mail|mail|message"
    r"|newsletter|letter|digest|because)\b.{0,160}"
    r"|back to (?:the )?(?:top|archive|home|list|overview|index|contents)\b.{0,60}"
    r"|(?:[«←]|<\s)(?!\d)[^».!?]{0,80}|[^.!?。]{0,80}[»→]|read more(?:\W.{0,80})?"
    r"|read (?:the |this |our )?(?:full|whole|entire|rest of the) (?:\w+ ){0,2}?"
    r"(?:story|article|post|text|report|interview|piece)\b.{0,40}|read (?:on|online|it here)"
    r"|continue reading.{0,120}|load more.{0,20}"
    r"|view (?:all|more|in browser|online).{0,40}|show more|archives?|categories"
    r"|advertisements?|sponsored(?: content)?|unsubscribe.{0,60}"
    r"|home\s*(?:[»›>/|]|blog\b|page \d).{0,120}|首页\s*(?:[»›>/|]|blog\b|page \d).{0,120}"
    r"|page \d+ of \d+"
    r"|privacy policy|terms (?:of (?:use|service)|and conditions)"
    r"|cookie (?:policy|settings|preferences)|accept(?: all)?(?: cookies)?|首页"
    r"|上一[篇页].{0,60}|下一[篇页].{0,60}|返回(?:顶部|首页)|更多|阅读全文|导航|登录|注册|搜索"
)
_LEGAL = (
    _each(r"©|\(c\)\s*\d{4}|版权所有|all rights reserved", ".{0,160}")
    + r"|copyright(?:\s?[:：©]|\s\(c\)|\s(?:19|20)\d\d|\s(?:by|notice|information)\b).{0,160}"
    r"|copyright"
    r"|(?:we|(?:this|our) (?:web)?site|by continuing)\b[^.]{0,60}\bcookies\b.{0,130}"
    r"|copyright\b.{0,100}all rights.{0,60}|copyright\s(?-i:[A-Z])[^.;]{0,80}\b(?:19|20)\d\d\W*"
    + r"|.{0,100}all rights reserved\.?"
    r"|.{0,120}\bnot for re(?:distribution|publication|transmission|sale)\b.{0,40}"
    r"|.{0,20}(?:未经.{0,12}(?:不得|严禁|禁止|请勿|谢绝)|不得转载|严禁转载|转载请注明).{0,30}"
    r"|[（(]?(?:(?:责任|本期|执行|值班)编辑|责编)[\s:：].{0,30}|编辑\s?[:：].{0,40}|校对\s?[:：].{0,30}"
    rf"|《\s?[{HAN}]{{2,12}}\s?》\s?[（(]\s?\d{{4}}\s?年[^（）()]{{4,30}}版\s?[)）]"
    r"|news provided by|(?-i:SOURCE) (?-i:[A-Z]).{2,80}"
    r"|for (?:immediate )?release(?: (?:on|at) .{1,40})?:?|embargoed (?:until|to|for)\b.{0,60}"
    r"|[【\[]?(?:打印|关闭)(?:本页|窗口|页面)?[】\]]?"
    r"(?:\s*[【\[]?(?:打印|关闭|返回|收藏)(?:本页|窗口|页面)?[】\]]?)*"
    r"|(?:主办|承办|技术支持|备案号|网站标识码)(?:单位)?\s?[:：].{2,90}"
    r"|(?:is|was) this (?:page|article|post) (?:useful|helpful)\b.{0,40}"
    r"|(?:proudly )?powered by [^,.;!?]{1,40}(?:\.\w{2,4})?\.?|.{0,20}ICP备.{0,30}"
)
_TAGS = (
    _each(
        r"tags?|tagged(?: with)?|filed under|posted in|categor(?:y|ies)|labels|topics"
        r"|keywords|jel(?: codes?| classification)?|标签|关键词|分类",
        r"\s?[:：].{0,180}",
    )
    + r"|filed under .{1,120}|posted in [^.|]{1,80}(?:\|[^.]{0,120})?"
    r"|posted by \S.{0,60} at \d{1,2}:\d{2}.{0,20}"
)
_PAGE = (
    r".{3,120}\s[-–—|·•]\s{0,3}page \d{1,4}|"
    r".{0,70}\bpage \d{1,4} (?:of|/) \d{1,4}\W{0,3}|page \d{1,4}(?: (?:of|/) \d{1,4})?"
    r"|(?-i:[ivxl]{1,6})"
    r"|[-–—] ?\d{1,4} ?[-–—]|p\. ?\d{1,4}|\[page \d{1,4}\]|第\s?\d{1,4}\s?页.{0,12}"
)
_HAN_MENU = (
    r"(?-i:(?!.{0,6}(?:记者|作者|来源|编辑|撰文))"
    rf"(?:[{HAN}]{{2,5}}[\s\u3000]+){{2,}}[{HAN}]{{2,5}})"
)
_CRUMBS = (
    r"(?:[^>»›]{1,30}\s[>»›]\s(?!\d))+[^>»›.。]{1,40}"
    rf"|(?:[{HAN}]{{2,12}}\s?(?:>>|[>»›])\s?)+[{HAN}]{{2,30}}"
)
_CONTACT = (
    _each("press contact|media contact|contact", r"\s?[:：].{3,120}")
    + r"|(?:[a-z-]+\s?[:：]\s?)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    + "|"
    + _each(
        "tel|telephone|phone|fax|mobile|联系电话|电话|传真",
        r"\.?\s?[:：]?\s*\+?[\d()][\d\s()/.–-]{5,22}",
    )
    + r"|\+\d[\d\s()/.–-]{6,20}"
)
_LINKS = (
    _each(
        r"related|see also|read (?:next|also|more)|also read|more on|most read|相关阅读|推荐阅读",
        r"\s?[:：].{0,190}",
    )
    + r"|(?:(?-i:[A-Z\u4e00-\u9fff])[^|\d]{1,30}\|\s*){2,}(?-i:[A-Z\u4e00-\u9fff])[^|\d]{1,40}"
)
_CONTENTS = (
    _each(r"contents|in this issue|inside(?: this issue)?|目录|本期内容", r"\s?[:：].{0,190}")
    + r"|.{3,140}?\s*(?:\.\s?){4,}\s*\d{1,4}|.{3,140}?…{2,}\s*\d{1,4}"
)
_KINDS = (
    ("url", _URL + "|" + _LINK + r"|\[[^\]]{1,80}\]:\s*\S+(?:\s+[\"'(].*)?"),
    (
        "separator",
        r"[-=*~#–—]{1,4}\s*(?-i:[A-Z][A-Z &/,]{2,40}[A-Z])\s*[-=*~#–—]{1,4}"
        r"|(?:[-=_*~#—–•·.+─━═]\s*){3,}|\*\s?\*\s?\*|\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?)?",
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
    ("contact", _CONTACT),
    ("tags", _TAGS),
)

_SELDOM = re.compile(r"[»→›>…|_.@+备转未退消](?:(?<!\.)|\s?\.)")
_WORDS_OF_FEW = ("://", "www.", "page ", "rights reserved", "not for re", "subscribe")
_NEEDS_IT = (
    HAN,
    "♡",
    "@",
    r"\+\d",
    "»",
    "…",
    r"\.\s?",
    r"\|",
    "(?:_",
    "ICP备",
    "转载",
    "退订",
    *_WORDS_OF_FEW,
)
"""Marks few lines have, and what tells that an alternative only matches a line with one."""


def _letter(alternative: str) -> str | None:
    """The letter that whatever an alternative matches begins with; None when many can."""
    optional = alternative[1:2] in ("?", "*", "{")
    return alternative[0] if alternative[0].isalpha() and not optional else None


_LETTERS = frozenset(
    letter for _, body in _KINDS for one in _alternatives(body) if (letter := _letter(one))
)


@lru_cache(maxsize=4 * len(_LETTERS))
def _known(letter: str | None, seldom: bool) -> re.Pattern[str]:
    """All that a line beginning with `letter` can be, with or without a mark that few lines have.

    Trying only these is several times as fast as trying everything.
    """
    groups = []
    for number, (_, body) in enumerate(_KINDS):
        possible = [
            one
            for one in _alternatives(body)
            if _letter(one) == letter
            or (not _letter(one) and (seldom or not any(mark in one for mark in _NEEDS_IT)))
        ]
        if possible:
            groups.append(f"(?P<k{number}>{'|'.join(possible)})")
    return re.compile("|".join(groups), re.IGNORECASE)


def known_furniture(text: str) -> str | None:
    """The kind of furniture a line is by itself, or None.

    A URL may be of any length, all else is short.
    """
    if len(text) > _LONGEST:
        return "url" if " " not in text and text.startswith(("http://", "https://")) else None
    if len(text) > _LONGEST_LABEL and text[0].islower() and "://" not in text:
        return None  # running text: most of a wrapped file, and the pattern is a large one
    letter = text[0].casefold()
    lower = text.lower()
    seldom = not letter.isascii() or _SELDOM.search(text) is not None
    for mark in () if seldom else _WORDS_OF_FEW:
        seldom = seldom or mark in lower
    found = _known(letter if letter in _LETTERS else None, seldom).fullmatch(text)
    if found is None or found.lastgroup is None:
        return None
    return _KINDS[int(found.lastgroup[1:])][0]
