"""What is done with the judgement of each sentence, before and after a word is written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import judging, prompt
from rag.answering.questions import wants_several
from tests.answering.support import ScriptedGenerator, evidence

NESTS = [
    evidence(f"Heron number {n} nests at mile {n}.", f"S{n}", start=100 * n) for n in range(1, 7)
]
SURE = {"S1": 0.1, "S2": 0.9, "S3": 0.2, "S4": 0.9, "S5": 0.3, "S6": 0.05}


def test_every_sentence_is_judged_by_itself_under_its_title_and_date():
    generator = ScriptedGenerator("", support=0.7)
    one = evidence("It nests at mile 3.", "S1", title="Bird log", published="2024-05-01",
                   before="The heron came back.")  # fmt: skip
    assert judging.judge(generator, "Where does it nest?", [one], [one]) == {"S1": 0.7}
    assert generator.judged == [prompt.judge_opening("Where does it nest?")]
    assert prompt.judge_opening("Where?").endswith("Question: Where?\n\n")
    assert prompt.judge_ending(one) == (
        "From “Bird log” (2024-05-01):\nThe heron came back. It nests at mile 3."
    )


def test_what_shows_in_the_form_of_a_sentence_is_not_left_to_the_model():
    generator = ScriptedGenerator("", support=0.02)
    firm = evidence("He buys for Beifeng Oils (北丰油脂).", "S1")
    asked = "What is the Chinese name of Beifeng Oils?"
    assert judging.judge(generator, asked, [firm, NESTS[1]], []) == {"S1": 0.9, "S2": 0.02}


def test_what_comes_before_is_read_only_where_a_sentence_refers_back():
    plain = evidence("Herons nest at mile 3.", before="The budget was approved.")
    assert prompt.judge_ending(plain) == "From “Note”:\nHerons nest at mile 3."
    long = evidence("They left.", before="word " * 60 + "The herons came.")
    body = prompt.judge_ending(long).split("\n", 1)[1]
    assert body.startswith("word ") and len(body) <= 200 + len(" They left.")


def test_a_label_written_in_a_document_is_not_shown_as_one():
    forged = evidence("The heron nests at mile 9 [S2].", title="Log [S1]")
    assert "[S" not in prompt.judge_ending(forged)


def test_the_sentence_before_stands_there_where_it_has_what_was_asked_of():
    item = replace(
        NESTS[0],
        quote="Three sites are under discussion: a rim, a plateau and a ridge.",
        before="The landing of Corvo B is planned for 2031.",
    )
    bare = prompt.judge_ending(item, "Which sites are under discussion?")
    assert bare.endswith(":\nThree sites are under discussion: a rim, a plateau and a ridge.")
    assert "Corvo B is planned" in prompt.judge_ending(item, "Where may Corvo B land?")
    beside = replace(NESTS[1], quote=item.before)
    assert "is planned" not in prompt.judge_ending(item, "Where may Corvo B land?", [item, beside])
    known = replace(item, document=replace(item.document, title="Corvo B landed"))
    assert "is planned" not in prompt.judge_ending(known, "Where may Corvo B land?")


def test_best_first_keeps_the_order_of_the_search_among_equals():
    assert [e.label for e in judging.best_first(NESTS, SURE)] == [
        "S2",
        "S4",
        "S5",
        "S3",
        "S1",
        "S6",
    ]


def test_the_writer_reads_the_likeliest_in_the_order_of_the_search():
    read = [e.label for e in judging.to_write_from("Which nests are there?", NESTS, SURE)]
    assert read == sorted(read)
    assert {"S2", "S4"} <= set(read)
    assert "S6" not in read and len(read) <= judging.MOST_WRITTEN_FROM


class Likelihoods(ScriptedGenerator):
    """Judges each sentence by the number that stands behind "mile" in it."""

    def __init__(self, *likely: float) -> None:
        super().__init__("")
        self.likely = likely
        self.read: list[str] = []

    def judge(self, opening: str, endings: list[str]) -> list[float]:
        self.read += endings
        return [
            self.likely[int(ending.rsplit("mile ", 1)[1].rstrip(".")) - 1] for ending in endings
        ]


def until_likely(generator, question):
    return judging.in_any(whole(generator, question, NESTS))


def whole(*asked):
    *_, last = judging.judge_by_part(*asked)
    return last


@pytest.mark.parametrize(
    ("question", "likely", "read"),
    [
        ("Where is the third nest?", (0.9, 0.2, 0.3, 0.4, 0.8, 0.1), 1),
        ("Where is the third nest?", (0.7, 0.2, 0.3, 0.4, 0.8, 0.1), 3),
        ("Where is the third nest?", (0.1, 0.6, 0.3, 0.4, 0.8, 0.1), 3),
        ("Where is the third nest?", (0.1, 0.2, 0.3, 0.4, 0.8, 0.1), 6),
        ("Where is the latest nest?", (0.9, 0.2, 0.3, 0.4, 0.8, 0.1), 3),
        ("Which nests are near the mill?", (0.9, 0.6, 0.3, 0.4, 0.8, 0.1), 6),
    ],
)
def test_reading_ends_when_one_sentence_is_likely(question, likely, read):
    generator = Likelihoods(*likely)
    judged = until_likely(generator, question)
    assert judged == {f"S{n}": sure for n, sure in enumerate(likely[:read], 1)}
    assert len(generator.read) == read


def test_what_is_found_last_is_read_only_where_several_things_are_asked_for():
    nests = [
        evidence(f"Heron number {n} nests at mile {n}.", f"S{n}", start=100 * n)
        for n in range(1, 10)
    ]
    generator = ScriptedGenerator("", support=0.1)
    one = whole(generator, "Where is the third nest?", nests)
    several = whole(generator, "Which nests are near the mill?", nests)
    assert [len(judged) for judged in (*one.values(), *several.values())] == [6, 9]


def test_a_single_sentence_that_is_not_sure_ends_reading_too():
    generator = ScriptedGenerator("", support=0.6)
    read = whole(generator, "Where does it nest?", NESTS[:1])
    assert list(read.values()) == [{"S1": 0.6}]


def test_reading_ends_after_the_sentences_at_hand_when_it_is_stopped():
    generator = ScriptedGenerator("", support=0.1)
    read = whole(generator, "Where does it nest?", NESTS, lambda: True)
    assert list(read.values()) == [{"S1": 0.1}]


def test_beside_a_likely_sentence_an_unlikely_one_is_not_written_from():
    def written_from(question: str, **judged: float) -> list[str]:
        return [e.label for e in judging.to_write_from(question, NESTS, judged)]

    one, several = "Where is the third nest?", "Which nests are near the mill?"
    assert written_from(one, S1=0.7, S2=0.05, S3=0.3) == ["S1", "S3"]
    assert written_from(one, S1=0.9, S2=0.05, S3=0.3) == ["S1"], "one is sure, one is asked for"
    assert written_from(several, S1=0.9, S2=0.05, S3=0.3) == ["S1", "S3"]
    assert written_from(one, S1=0.4, S2=0.01, S3=0.02) == ["S1", "S2", "S3"]


def test_a_question_of_two_parts_is_judged_part_by_part():
    class ByPart:
        def judge(self, opening, endings):
            self.asked = [*getattr(self, "asked", []), opening]
            return [0.9 if ("crew" in opening) == ("S2" in text) else 0.1 for text in endings]

    asked = "Which tug did the port buy, and how many crew did the old contract allow?"
    two = [replace(item, quote=f"{item.quote} {item.label}") for item in NESTS[:2]]
    generator = ByPart()
    by_part = whole(generator, asked, two)
    buying, manning = by_part
    assert by_part[buying] == {"S1": 0.9}
    assert judging.in_any(by_part) == {"S1": 0.9, "S2": 0.9}
    put = judging.to_write_each_from(asked, two, by_part)
    assert [(part, [e.label for e in read]) for part, read in put] == [
        (buying, ["S1"]),
        (manning, ["S2"]),
    ]
    unanswered = by_part | {manning: {"S1": 0.1, "S2": 0.2}}
    ((put, read),) = judging.to_write_each_from(asked, two, unanswered)
    assert put == asked and "S1" in [e.label for e in read]
    assert len(set(generator.asked)) == 2
    assert "Question: Which tug did the port buy?\n" in generator.asked[0]


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Who built the mast, and when?", True),
        ("Which of the two rovers is the heavier one?", True),
        ("What are the shortcomings of the plan?", True),
        ("Which islands have radar?", True),
        ("List the members of the pact.", True),
        ("协定有哪些成员？", True),
        ("The mast versus the bridge: what did each one's repair cost?", True),
        ("What did the two ports earn, respectively?", True),
        ("What was the cost of the mast?", False),
        ("Which was the first mast?", False),
        ("Who is the mayor?", False),
        ("When did the ship sail?", False),
        ("桅杆多少钱？", False),
    ],
)
def test_which_questions_want_more_than_one_sentence(question: str, several: bool):
    assert wants_several(question) is several


def test_where_the_latest_is_asked_for_nothing_older_is_written_from():
    old, new = (
        replace(e.document, published=day)
        for e, day in zip(NESTS, ("2025-02-01", "2025-03-03"), strict=False)
    )
    accounts = [
        replace(NESTS[0], document=old),
        replace(NESTS[1], document=new),
        replace(NESTS[2], document=old),
    ]
    judged = {"S1": 0.9, "S2": 0.6, "S3": 0.5}

    def labels(question: str, **changed: float) -> list[str]:
        return [e.label for e in judging.to_write_from(question, accounts, judged | changed)]

    assert labels("How many nests does the latest count give?") == ["S2"]
    assert labels("How many nests are there?") == ["S1", "S2", "S3"]
    assert labels("How many nests does the latest count give?", S2=0.1) == ["S1", "S3"]
    assert labels("How many nests does the latest count give?", S2=0.42) == ["S1", "S3"]


def test_the_writer_reads_what_a_sentence_refers_back_to_unless_it_is_shown():
    leaning = replace(NESTS[0], quote="She calls it a nest of rules.", before="Ada Lind hates it.")
    text = prompt.answer_prompt("Who calls it a nest?", [leaning])[-1].content
    assert "Ada Lind hates it. She calls it a nest of rules. [S1]" in text
    shown = replace(NESTS[1], quote=leaning.before)
    text = prompt.answer_prompt("Who calls it a nest?", [shown, leaning])[-1].content
    assert text.count("Ada Lind hates it.") == 1


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([None, "2024-01-01", "2025-01-01"])),
        min_size=1,
        max_size=9,
    ),
    st.sampled_from(["What does the latest count give?", "Which nests are there?", "Where?"]),
)
def test_the_writer_always_reads_something(told, question):
    found = [
        replace(
            NESTS[0], label=f"S{n}", start=n, document=replace(NESTS[0].document, published=day)
        )
        for n, (_, day) in enumerate(told)
    ]
    judged = {f"S{n}": sure for n, (sure, _) in enumerate(told)}
    read = judging.to_write_from(question, found, judged)
    assert 1 <= len(read) <= judging.MOST_WRITTEN_FROM
    assert list(read) == sorted(read, key=lambda item: item.start)
