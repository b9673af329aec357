"""Other spellings of the same name: acronyms of states and unions, and who comes from where."""

from __future__ import annotations

import re

_WRITTEN_OUT = {
    "US": r"United States(?: of America)?|U\.S\.A?\.?(?!\w)|USA",
    "UK": r"United Kingdom|U\.K\.?(?!\w)",
    "EU": r"European Union|E\.U\.?(?!\w)",
    "UN": r"United Nations|U\.N\.?(?!\w)",
    "UAE": r"United Arab Emirates",
    "China": r"People['’]s Republic of China|PRC|P\.R\.C\.?(?!\w)",
    "DPRK": r"North Korean?s?",
    "ROK": r"South Korean?s?",
}
_SHORT_FORMS = [(re.compile(rf"\b(?:{long})"), short) for short, long in _WRITTEN_OUT.items()]

_GROUPS = [
    set(group.split())
    for group in (
        "us america american americans washington",
        "uk britain british london",
        "eu europe european brussels",
        "china chinese beijing",
        "sweden swedish", "france french", "germany german", "netherlands dutch",
        "denmark danish", "norway norwegian", "spain spanish", "poland polish",
        "turkey turkish turkiye türkiye", "greece greek", "philippines philippine filipino",
        "switzerland swiss", "finland finnish", "ireland irish", "thailand thai",
        "kazakhstan kazakh", "uzbekistan uzbek", "tajikistan tajik", "kyrgyzstan kyrgyz",
        "turkmenistan turkmen", "afghanistan afghan", "portugal portuguese", "iceland icelandic",
        "wales welsh", "scotland scottish", "england english", "peru peruvian", "czechia czech",
    )
]  # fmt: skip
_IN_CHARACTERS = {
    "china": "中国 我国 全国 中方", "us": "美国 美方", "russia": "俄罗斯 俄方", "japan": "日本",
    "germany": "德国", "france": "法国", "uk": "英国", "eu": "欧盟", "europe": "欧洲",
    "netherlands": "荷兰", "india": "印度", "taiwan": "台湾", "vietnam": "越南",
    "australia": "澳大利亚", "canada": "加拿大", "iran": "伊朗", "israel": "以色列",
    "ukraine": "乌克兰", "myanmar": "缅甸", "laos": "老挝", "malaysia": "马来西亚",
    "thailand": "泰国", "indonesia": "印尼 印度尼西亚", "singapore": "新加坡",
    "pakistan": "巴基斯坦", "kazakhstan": "哈萨克斯坦", "beijing": "北京", "shanghai": "上海",
    "shenzhen": "深圳", "tianjin": "天津", "chongqing": "重庆", "guangdong": "广东",
    "guangzhou": "广州", "wuhan": "武汉", "hefei": "合肥", "chengdu": "成都", "nanjing": "南京",
    "hangzhou": "杭州", "wenchang": "文昌", "jiuquan": "酒泉", "taiyuan": "太原",
    "xichang": "西昌", "hainan": "海南", "xinjiang": "新疆", "tibet": "西藏", "huawei": "华为",
    "xiaomi": "小米", "tencent": "腾讯", "alibaba": "阿里巴巴", "baidu": "百度",
    "byd": "比亚迪", "ai": "人工智能",
}  # fmt: skip
"""Places and firms in Chinese; "its own country" is China where that is written."""
_ENDINGS = ("n", "an", "ian", "ean", "i", "ese", "ish", "er", "s", "ns", "ans", "ians", "is")
_VOWEL = re.compile(r"[aeioy]$")


def shorten(text: str) -> str:
    """`text` with "United States" as "US" and the like, so that no part is matched alone."""
    for pattern, short in _SHORT_FORMS:
        text = pattern.sub(short, text)
    return text


def same_place(one: str, other: str) -> bool:
    """True for a place and its people ("Iraq", "Iraqi"), but not "Niger" and "Nigeria"."""
    if any(one in group and other in group for group in _GROUPS):
        return True
    return other in _demonyms(one) or one in _demonyms(other)


def written_in(name: str, han: str) -> bool:
    """Whether a name in small letters, or where it comes from, stands in a text in characters."""
    return any(
        any(form in han for form in forms.split())
        for known, forms in _IN_CHARACTERS.items()
        if name == known or same_place(name, known)
    )


def is_place(word: str) -> bool:
    """Whether a word in small letters is one of the places, or their people, known here."""
    return any(word in group for group in _GROUPS)


def _demonyms(place: str) -> set[str]:
    if len(place) < 4:
        return set()
    stems = {place, _VOWEL.sub("", place)}
    return {stem + ending for stem in stems for ending in _ENDINGS} - {"nigerian"}
