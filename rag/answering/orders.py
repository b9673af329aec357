"""Sentences in documents that speak to the machine instead of the reader."""

from __future__ import annotations

import re
import unicodedata

_LOOK_ALIKES = str.maketrans(
    "аеорсухіѕјԁһӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "aeopcyxisjdhl" + "ABEZHIKMNOPTYXo"
)
"""Cyrillic and Greek letters that read as Latin ones; only words that mix scripts are mapped."""
_MIXED = re.compile(r"\w*[A-Za-z]\w*")
_MACHINE = (
    r"(?:an? |the |this |any |all )?(?:\w+ ){0,2}(?:assistant|AI|A\.I\.|chat ?bot|bot"
    r"|(?:language|AI) model|LLM|summari[sz]er|agent)s?"
)
_SAY = r"(?:answer|reply|respond|say|state|write|output|print|report|claim|tell|repeat|conclude)"
_ORDERS = re.compile(
    # "Ignore all earlier instructions", also in the languages next door
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|rules|prompts?"
    r"|guidelines|everything|the above)\b"
    r"|\bignor(?:ez|iere?n?|a|e|are)\b[^.]{0,30}\b(?:instructions?|Anweisungen|instrucciones"
    r"|istruzioni|instruções)\b"
    # "answer only", "always answer as follows", "output exactly"
    r"|(?:^|[.:;,]\s|\band\s)(?:always )?(?:answer|reply|respond)\s(?:that|only|instead|with|as)\b"
    r"|\boutput (?:exactly|only|the following)\b|^\W*repeat after me\b"
    r"|(?:^|[.:;]\s|\band )(?:tell|inform) (?:the |your )?(?:users?|readers?|asker)\b"
    # spoken to by name, or told what it is
    rf"|\b(?:system|developer) (?:prompt|message)\b|\byou are (?:now )?{_MACHINE}\b"
    r"|\byou are now an? (?:\w+ ){0,2}(?:AI|assistant|bot|model)\b"
    rf"|\bif you are {_MACHINE}|\b(?:dear|note to|message to|attention) {_MACHINE}\b"
    r"|\b(?:assistant|AI|chatbot|LLM|summari[sz]er|(?:language|AI) model)s? "
    rf"(?:must|should|has to|have to|shall) {_SAY}\b"
    r"|\b(?:your new task|your (?:only )?answer) is\b"
    r"|\bfor the (?:chat ?bot|AI|assistant) to (?:give|say)\b"
    r"|\b(?:treat|use) this (?:document|page|text|article) as the only\b"
    r"|\bpretend (?:that )?the other (?:documents?|sources?|articles?)\b"
    # the same in Chinese, written with or without spaces
    r"|(?:忽略|無視|无视|忘记|忘記).{0,12}(?:指令|指示|要求|规则|規則)"
    r"|(?:请|請|必须|必須)(?:这样|這樣)?(?:回答|回复|回覆)"
    r"|(?:如果你是|你现在是|你現在是|你是).{0,12}(?:模型|助手|机器人|機器人|发言人)|你的答案是"
    r"|(?:告诉|告訴|回答)(?:用户|用戶)|系统提示|系統提示|只输出|只輸出|并回答：|並回答：",
    re.IGNORECASE,
)


def gives_orders(text: str) -> bool:
    """True for "ignore all earlier instructions" and the like, which bear no fact out.

    Read as a person or a model reads it: invisible characters, other widths and look-alike
    letters do not hide an order. Text in invisible tag characters is one by itself.
    """
    return bool(_TAGS.search(text) or _ORDERS.search(_plain(text)))


_TAGS = re.compile("[\U000e0020-\U000e007e]")
_HAN_GAPS = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def _plain(text: str) -> str:
    if text.isascii():
        return text
    wide = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in wide if unicodedata.category(c) != "Cf")
    latin = _MIXED.sub(lambda word: word[0].translate(_LOOK_ALIKES), seen)
    return _HAN_GAPS.sub("", latin)
