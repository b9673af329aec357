"""Where sentences end. In each case ¦ stands where a boundary must be, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import fold
from rag.documents.sentences import LONGEST, split

ENGLISH = [
    "The probe landed. ¦It sent data.",
    "Output rose (Harbour Times, January 14). ¦Exports fell (Harbour Times,\n\nMay 3, 2019).",
    "Output rose. (Harbour Times, May 3) ¦Exports fell.",
    "Output rose. (Source: Harbour Times) ¦Exports fell.",
    "Output rose.(Harbour Times, May 3). ¦Exports fell.",
    "Output rose (Harbour Times, May 3).Exports fell.".replace(".E", ".¦E"),
    "The U.S. Navy bought two. ¦The rest went to the U.K. in May.",
    "It was built in the U.S. ¦The design is Dutch.",
    "It was built in the U.S. by a firm from Ohio.",
    "The U.S.-Korea pact holds. ¦So does the other.",
    "Some states (i.e., the U.S.), it said, agreed. ¦Others (e.g. Peru) did not.",
    "It ranks No. 2 in sales. ¦The leader is No. 1.",
    "Nos. 3 and 4 failed. ¦No. 5 did not.",
    "They said no. ¦The vote was over.",
    "Art. 1010 of the code applies. ¦Arts. 12 and 13 do not.",
    "See Fig. 3 and Sec. 4. ¦Then go on.",
    "Compare vol. 3, pp. 12 to 19. ¦Read p. 5 first.",
    "It left on Sept. 13 and came back on Nov. 2. ¦Nobody saw it.",
    "Thomas G. Moreau chairs it. ¦J. K. Osei is his deputy.",
    "Antony J.\u00a0Keller spoke. ¦W. E. B. Hart listened.",
    "This is plan B. ¦The other was plan A.",
    "Mr. Osei met Dr. Lind and Prof. Hart. ¦Gen. Roy was away.",
    "The ship, St. Helena, sank. ¦Lt. Col. Roy lived.",
    "Acme Inc. makes pumps. ¦It bought Pumps Ltd. in May.",
    "He works for Acme Inc. ¦The firm makes pumps.",
    "They make pumps, valves, etc. ¦However, sales fell.",
    "They make pumps, valves, etc. and sell them.",
    "At 9 a.m. the test began. ¦It ended at 5 p.m. ¦The crew left.",
    "She has a Ph.D. in physics. ¦He has none.",
    "It grew 3.5 percent to 1.25 billion. ¦In 2020 it grew 2.1 percent.",
    "The price fell to $4.99. ¦Then it rose.",
    "Version 2.0.1 shipped. ¦Version 3 did not.",
    "See https://example.org/a.b/c?d=e.f for more. ¦The page is long.",
    "Write to desk@example.org. ¦Do it now.",
    "The site example.com. ¦It is down.".replace(". ¦It", " is up. ¦It"),
    "“We will go on.” ¦The board agreed.",
    "“We will go on,” Ms. Lind said. ¦The board agreed.",
    "“Why not?” Mr. Lind asked. ¦Nobody knew.",
    "“Stop!” said Anna Lind. ¦They stopped.",
    "“Why not?” ¦The answer came late.",
    'He called it "a mistake." ¦Others did not.',
    "‘It works.’ ¦She smiled.",
    "She called it “harmless”. ¦It was not.",
    "(The first test failed.) ¦The second did not.",
    "The claim (he never made it. Others did) is false. ¦It spread.",
    "The rule is strict.[1] ¦It has exceptions.[2][3] ¦They are few.",
    "The rule helps women.31 ¦It came late.",
    "The network is large,86 and has drones87 too.88 ¦As with others, it costs.",
    "It is “fair and open.”[4] ¦According to critics, it is not.",
    "It was built in 1990. ¦12 of them remain.",
    "It has 5.\n\nThe rest is gone.".replace("The", "¦The"),
    "The rocket carried the first\n\nmodule of the station into\n\nlow orbit. ¦It worked.",
    "The Long March\n5B flew. ¦The core (天\n\n和一号) followed.",
    "Well… ¦The end came. ¦It was… slow.",
    "He waited... and waited. ¦Then... ¦The door opened.",
    "There was no other proof . . . the talk proves nothing. ¦Nothing.",
    "An important goal…of the plan is safety. ¦Nothing else.",
    "The plan—if it is one—failed. ¦It cost a lot.",
    "Why the delay? ¦Nobody knows! ¦Yet it ended.",
    "What?! ¦Nobody said so.",
    "Sales rose 5 %. ¦Costs fell.",
    "The app is called Go! and it sells.",
    "The launch was late. ¦iPhone sales fell.",
    "Sales fell at the firm. ¦eBay gained.",
    "Yahoo! said it would sell. ¦It did not.",
    "1. The first point stands. ¦It is short.",
    "[3] Ann Lee, “On Ports,” Harbour Review, 2020. ¦Ibid.",
    "It costs approx. 40 million. ¦Delivery takes ca. 3 years.",
    "Smith et al. found none. ¦Lee vs. Roy was closed.",
    "The D.C. court ruled. ¦It took a year.",
    "Washington, D.C. ¦The end.",
    "**Bold words.** ¦Plain words follow.",
    "The case is Roe v. Wade. ¦It is old.",
    'He came on Sunday. ¦"Good," she said.',
    "He came. ¦(Right) A map of the port.",
    "The tests ended. ¦$4 billion was spent.",
    "The tests ended. ¦#MeToo grew.",
    "He paid €2.4 bn. to them. ¦They took it.",
    "Use the D.I.Y. kit. ¦It works.",
    "The firm (est. 1990) is old. ¦It is rich.",
    "The tests ended. ¦(It was late.) ¦They slept.",
    "The tests ended. ¦(Nobody knew it. It was late.) ¦They slept.",
    "Do this first. ¦2. Then do that.",
    "Smith et al. (2020) found none. ¦Lee did.",
    "The U.S. 7th Fleet left. ¦It is large.",
    "The latency fell to 12 ms. ¦The mast is 30 ft. ¦The hull sank.",
    "He raised the issue. ¦12 ministers agreed.",
    "The yacht of George V. ¦The king left.",
]
CHINESE = [
    "火箭发射成功。¦卫星进入轨道。",
    "发射成功了吗？¦成功了！¦大家很高兴。",
    "他说：“我们会继续努力。”¦会议结束了。",
    "“我们会继续努力。”他说，会议结束了。",
    "“为什么？”的问题没有答案。¦大家都走了。",
    "产量上升（新华社，4月29日）。¦出口下降。",
    "产量上升。（新华社，4月29日）¦出口下降。",
    "「今天出发。」¦船长下令。",
    "第一，提高产量；第二，降低成本。¦第三，扩大出口。",
    "增长3.5%，达到1.25亿元。¦同比下降2.1%。",
    "他读了《你好！世界》这本书。¦书很好。",
    "空间站（天宫）已经建成。¦它重22.5吨。",
    "该型号称为CZ-5B。¦它由CASC研制。",
    "The module is 天和. ¦它很大。",
    "核心舱\n发射成功。¦第二次\n\n发射在五月。",
    "真的吗？！¦真的。",
    "公司名为U.S. Steel。¦它很老。",
    "他沉默了……¦然后离开。",
    "见第2页。¦共有No. 3型三台。",
    "总部位于北京。¦In 2020 it moved to Shanghai. ¦它又搬回来了。",
    "他问：“谁来了？”¦没有人回答。",
    "价格为￥3.50。¦不贵。",
    "价格上涨3%。¦这是今年最高。",
    "产量上升。¦与此同时，出口下降。",
    "真的吗？¦是的。",
    "“够了吗？”这是他的问题。¦没有人回答。",
]


def sentences(text):
    return [fold(text[start:end]) for start, end in split(text, 0, len(text))]


@pytest.mark.parametrize("case", ENGLISH + CHINESE)
def test_boundaries(case):
    expected = [fold(part) for part in case.split("¦")]
    assert sentences(case.replace("¦", "")) == expected


def test_enough_cases():
    assert len(set(ENGLISH)) + len(set(CHINESE)) >= 80


def test_endless_sentence_is_cut_at_a_clause():
    text = "the port grows and the town pays; " * 100
    parts = sentences(text)
    assert all(len(part) <= LONGEST for part in parts)
    assert all(part.endswith(";") for part in parts)


PIECES = st.sampled_from(
    [
        ".",
        "。",
        "!",
        "?",
        "”",
        "“",
        "(",
        ")",
        "（",
        "[1]",
        " ",
        "\n",
        "\n\n",
        "U.S.",
        "No. 2",
        "A",
        "b",
        "中",
        "Word",
        "word",
        "3.5",
        "(Xinhua, May 4)",
        "said",
        "…",
        ";",
        "’",
        "\xa0",
        "\u2028",
    ]
)


@given(st.lists(PIECES, max_size=80).map("".join) | st.text(max_size=200))
def test_nothing_is_lost_and_spans_are_in_order(text):
    spans = split(text, 0, len(text))
    before = 0
    for start, end in spans:
        assert before <= start < end <= len(text)
        assert not text[before:start].strip()
        assert not text[start].isspace() and not text[end - 1].isspace()
        before = end
    assert not text[before:].strip()


@given(st.text(alphabet="ab ;,.中。\n", max_size=3000))
def test_no_sentence_is_too_long(text):
    assert all(len(one) <= LONGEST for one in sentences(text))


def test_no_sentence_is_too_long_where_most_is_white_space():
    assert all(len(one) <= LONGEST for one in sentences(("a" + " " * 9) * 4000))


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)
