"""Who says it: bracketed sources and verbs of saying."""

import json
import os
from pathlib import Path

import pytest

from rag.documents import fold
from rag.documents.attributions import find_attributions
from rag.documents.shapes import is_source_line

SEEDS = os.environ.get("RAG_SEEDS")
DATA = Path(__file__).parent / "data"
CASES = [
    ("It rose (Quay News, April 29).", [("Quay News", "2021-04-29")]),
    ("It rose (Quay News, December 29).", [("Quay News", "2020-12-29")]),
    ("It rose (36quay, March 2, 2019).", [("36quay", "2019-03-02")]),
    (
        "It rose (quay.example, May 1; The Desk, April 29).",
        [("quay.example", "2021-05-01"), ("The Desk", "2021-04-29")],
    ),
    (
        "It rose (The Desk: March 9; December 4, 2020).",
        [("The Desk", "2021-03-09"), ("The Desk", "2020-12-04")],
    ),
    (
        "It rose (Port Review, January 5, 2019, April 13, 2020).",
        [("Port Review", "2019-01-05"), ("Port Review", "2020-04-13")],
    ),
    ("It rose (DATABASE, accessed April 27).", [("DATABASE", "2021-04-27")]),
    ("It rose (INDEX, 2012).", [("INDEX", "2012")]),
    ("A map of the port (Source: Ann Lee via Quay News).", [("Ann Lee via Quay News", None)]),
    ("产量上升（海湾日报，4月29日）。", [("海湾日报", "2021-04-29")]),
    ("产量上升（来源：海湾日报）。", [("海湾日报", None)]),
    ("产量上升（《海湾日报》12月5日）。", [("《海湾日报》", "2020-12-05")]),
    ("产量上升（海湾日报2020年11月25日）。", [("海湾日报", "2020-11-25")]),
    ("据海湾日报报道，产量上升。", [("海湾日报", None)]),
    ("Output fell, according to the Port Office.", [("Port Office", None)]),
    ("“It fell,” said Ann Lee, a senior analyst at Quay Research.", [("Ann Lee", None)]),
    ("Ann Lee, head of the Port Office, warns that it will fall.", [("Ann Lee", None)]),
    ("Mr. Roy told reporters that it fell.", [("Mr. Roy", None)]),
    ("The Harbour Times reported a fall.", [("Harbour Times", None)]),
    (
        "Its chief executive, Ann Kamau-Holt, told me that it fell.",
        [("Ann Kamau-Holt", None)],
    ),
    ("“It fell,” said managing director Ann Lee.", [("Ann Lee", None)]),
    ("“It fell,” says the yard’s head, Ann Lee.", [("Ann Lee", None)]),
    (
        "Designer Luo Shan (罗山) contends that size is beside the point.",
        [("Designer Luo Shan", None)],
    ),
    (
        "It fell [Port Office press release, 1 May 2021].",
        [("Port Office press release", "2021-05-01")],
    ),
    ("It fell (letter of the League, 30 April).", [("letter of the League", "2021-04-30")]),
    ("It fell (hearing transcript, 3 May 2021).", [("hearing transcript", "2021-05-03")]),
    ("It fell (Port Office, survey of June 2020).", [("Port Office", "2020-06")]),
    ("It fell (Tug Register, 2020 edition).", [("Tug Register", "2020")]),
    ("It fell (Port Review 2020).", [("Port Review", "2020")]),
    ("It fell (Audit Office, Report 4/2020).", [("Audit Office, Report", "2020")]),
    ("It fell (Quay Bank, “Tugs and tides”, 3 May 2021).", [("Quay Bank", "2021-05-03")]),
    ("It fell (Tug Index, Q1 2021).", [("Tug Index", "2021")]),
    ("It fell (Port Annual Report 2020, p. 12).", [("Port Annual Report", "2020")]),
    ("It fell (tug launched, May 2020).", []),
    ("It fell (sold in 2020) [1] [see note].", []),
    ("It fell 9 percent, the Port Office estimated.", [("Port Office", None)]),
    ("Ann Lee called the plan “a drill with wings.”", [("Ann Lee", None)]),
    ("Ann Lee called the tug “Remora”.", []),
    ("Ann Lee called her office.", []),
    ("A study by the Quay Centre found that it fell.", [("A study by the Quay Centre", None)]),
    ("Ann Lee found a tug.", []),
    ("A survey in January found that it fell.", []),
    ("Ann Lee pointed out that it fell.", [("Ann Lee", None)]),
    ("Ann Lee, has accused the port of delay.", [("Ann Lee", None)]),
    ("The firm was accused of delay.", []),
    ("The Director of Ports, Ann Lee, said it fell.", [("Ann Lee", None)]),
    ("The Desk quoted the master, Ann Lee, as saying that it fell.", [("Ann Lee", None)]),
    ("咨询公司Basin Metals预计，价格将回升。", [("咨询公司Basin Metals", None)]),
    ("据港务局网站，产量上升。", [("港务局网站", None)]),
    ("“上升了，”顾问罗山告诉本刊。", [("顾问罗山", None)]),
    ("It fell in January, said Ann Lee, a broker.", [("Ann Lee", None)]),
    ("Ann Lee urged patience.", [("Ann Lee", None)]),
    (
        "It fell (Port Office, Special Report 11, May 2020; see also The Desk, April 30).",
        [("Port Office, Special Report 11", "2020-05"), ("The Desk", "2021-04-30")],
    ),
    ("A reader from Vardo, a retired officer, wrote within an hour.", []),
    ("A court in Lund told her that drought is no excuse.", [("A court in Lund", None)]),
    ("A member for Finnmark, Aili Sarre, has asked to double it.", [("Aili Sarre", None)]),
    ("The Port Office said on April 29 that it fell.", [("Port Office", "2021-04-29")]),
    ("Ann Lee tweeted: “It fell.”", [("Ann Lee", None)]),
    (
        "Ann Lee asks whether it fell, and Omar Roy wrote that it did.",
        [("Ann Lee", None), ("Omar Roy", None)],
    ),
    ("It fell, as reported by Quay News.", [("Quay News", None)]),
    (
        "It fell, according to the state-owned Harbour Times newspaper.",
        [("Harbour Times newspaper", None)],
    ),
    ("The parts are made according to European building standards.", []),
    ("The Port Office added it to a list.", []),
    ("Globally, the shift to regions adds further pressure.", []),
    ("The town expects a warm summer. Ann Lee expects the price to fall.", [("Ann Lee", None)]),
    (
        "It fell [Port Office, decision paper, 28 April].",
        [("Port Office, decision paper", "2021-04-28")],
    ),
    (
        "It fell (Port Office, tide log, published 2 May).",
        [("Port Office, tide log", "2021-05-02")],
    ),
    ("It fell (Quay Bank research note, 30/4/21).", [("Quay Bank research note", "2021-04-30")]),
    ("It fell (Tug & Rope, Q1 2021 lead-time survey).", [("Tug & Rope", "2021")]),
    ("It fell (letter of 3 May 2021, seen by the author).", [("letter", "2021-05-03")]),
    ("It fell (Tug Register; retrieved May 2, 2021).", [("Tug Register", "2021-05-02")]),
    ("It fell (The Desk, 4/29).", [("The Desk", "2021-04-29")]),
    ("It fell (The Desk, 3/4).", [("The Desk", None)]),
    ("产量上升（海湾日报，3/4）。", [("海湾日报", "2021-03-04")]),
    ("产量上升。（海湾日报 2021-05-03）", [("海湾日报", "2021-05-03")]),
    (
        "It fell (Interview with the author, Penang, 5 February 2021).",
        [("Interview with the author, Penang", "2021-02-05")],
    ),
    ("It fell (Radio Quay, Monday 3 May).", [("Radio Quay", "2021-05-03")]),
    ("It fell (Radio Quay, April).", [("Radio Quay", "2021-04")]),
    ("It fell (Tug Yearbook 2020, p. 112).", [("Tug Yearbook", "2020")]),
    ("It fell (Quay Law Review, vol. 31, no. 2).", [("Quay Law Review", None)]),
    ("It fell (Quay Naval, undated brochure).", [("Quay Naval", None)]),
    ("It fell (TUG data).", [("TUG data", None)]),
    ("It fell (Port Office figures).", [("Port Office figures", None)]),
    ("产量上升【海湾日报 5月3日】。", [("海湾日报", "2021-05-03")]),
    ("【港口】产量上升。", []),
    ("It fell (Chat channel “Tugs”, May 3).", [("Chat channel", "2021-05-03")]),
    (
        "It fell (bulletin of the Port Office, 3 May 2021).",
        [("bulletin of the Port Office", "2021-05-03")],
    ),
    ("Analysts at Quay Research estimated that it fell.", [("Analysts at Quay Research", None)]),
    ("The fall was first reported by Quay News.", [("Quay News", None)]),
    ("《海湾日报》5月3日报道，产量上升。", [("《海湾日报》", "2021-05-03")]),
    ("研究机构“海湾实验室”则指出，产量上升。", [("海湾实验室", None)]),
    ("Ann Lee grumbled that it fell.", [("Ann Lee", None)]),
    ("It fell (Big data).", []),
    ("It runs (Windows 10/11).", []),
    ("The tug (Remora 14/04/2020) is old.", []),
    ("It fell (the market data).", []),
    ("It fell (see the annual report).", []),
    ("It fell by half (or 3/4).", []),
    ("It fell (in Quay, 3/4 of it).", []),
    ("The lock (Lock, No. 7) is open.", []),
    ("It fell (Ann Lee, in May).", []),
    ("The tug (pp. 14–16) is old.", []),
    ("The tug (built of steel, 4 May 2020) is old.", []),
    ("The man (born Ann Lee, of a family of pilots, 4 May 1920) is old.", []),
    ("The station (CSS, 中国空间站) is new.", []),
    ("It leads (31%, 1.89 times the others).", []),
    ("The tug (Remora 2, 8.2 tons) is old.", []),
    ("The war (1983-2009) was long.", []),
    ("The quarter (July to September) was good.", []),
    ("The satellite (Lumen, launched in 2016) works.", []),
    ("It costs a lot (roughly $1,800).", []),
    ("The code (see Figure 9) is strict.", []),
    ("He said that it fell. They told us.", []),
    ("The coastal states met, and two reports came out.", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sources_and_dates(text, expected):
    found = find_attributions(text, 0, len(text), "2021-05-07")
    assert [(one.source, one.date) for one in found] == expected


def test_no_date_is_made_up():
    text = "It rose (Quay News, April 29)."
    assert find_attributions(text, 0, len(text), None)[0].date is None


def seed_attributions(name):
    from rag.documents import read

    source = read(Path(SEEDS or "") / name)
    said = [
        one
        for document in source.documents
        for sentence in document.sentences
        for one in sentence.attributions
    ]
    return source.text, said


@pytest.mark.skipif(not SEEDS, reason="RAG_SEEDS names the folder of the sample files")
def test_precision_and_recall_on_marked_brackets():
    """Every bracketed source of the sample files, read and marked by hand: [start, end, date]."""
    found, gold = set(), set()
    for name, rows in json.loads((DATA / "attributions_seeds.json").read_text()).items():
        text, said = seed_attributions(name)
        found |= {
            (name, one.start, one.end, one.date)
            for one in said
            if text[one.start] in "(（" or text[one.end - 1] in ")）" or one.date
        }
        gold |= {(name, *row) for row in rows}
    assert len(gold) >= 60
    right = len(found & gold)
    assert right / len(found) >= 0.95 and right / len(gold) >= 0.95


@pytest.mark.skipif(not SEEDS, reason="RAG_SEEDS names the folder of the sample files")
def test_precision_and_recall_on_marked_speakers():
    """Named speakers marked by hand: [verb, start and end of the name].

    "either" are verbs that may count or not: generic sources, statements about oneself.
    """
    right = wrong = known = 0
    for name, marked in json.loads((DATA / "sayings_seeds.json").read_text()).items():
        text, said = seed_attributions(name)
        hit = set()
        for one in said:
            if is_source_line(text[one.start : one.end]):
                continue
            verbs = [
                verb
                for verb, start, end in marked["named"]
                if one.start <= verb < one.end and fold(text[start:end]) in (one.source or "")
            ]
            hit.update(verbs[:1])
            either = any(one.start <= verb < one.end for verb in marked["either"])
            wrong += not verbs and not either
        right += len(hit)
        known += len(marked["named"])
    assert known >= 60
    assert right / (right + wrong) >= 0.95 and right / known >= 0.95
