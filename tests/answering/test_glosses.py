"""Names with their characters or long forms in brackets are told by their form."""

from __future__ import annotations

import pytest

from rag.answering.glosses import glosses

FIRM = "A man to watch is Lu Wenhao (陆文昊), who buys for Beifeng Oils (北丰油脂)."
STATION = "Dry Lake station (干湖深空站, Ganhu shenkong zhan) has three dishes."
ROCKET = "A Zhuri 2 (逐日二号, Zhuri erhao) rocket of Hengda Aerospace (恒达航天) took off."
OFFICE = "The task goes to the Joint Orbital Traffic Centre (JOTC) in Riga."
TURNED = "恒达航天（Hengda Aerospace）在海阳发射了火箭。"


@pytest.mark.parametrize(
    ("question", "sentence", "answers"),
    [
        ("What are the Chinese characters for Beifeng Oils?", FIRM, True),
        ("What is the Chinese name of Beifeng Oils?", FIRM, True),
        ("What is Beifeng Oils called in Chinese?", FIRM, True),
        ("How is Lu Wenhao written in Chinese characters?", FIRM, True),
        ("What is Lu Wenhao's Chinese name?", FIRM, True),
        ("Beifeng Oils的中文名是什么？", FIRM, True),
        ("Beifeng Oils用中文怎么写？", FIRM, True),
        ("What is the Chinese name of the Dry Lake deep-space station?", STATION, True),
        ("What is the Chinese name of the Zhuri 2 rocket?", ROCKET, True),
        ("What is the Chinese name of Hengda Aerospace?", ROCKET, True),
        ("What is the Chinese name of Hengda Aerospace?", TURNED, True),
        ("What does JOTC stand for?", OFFICE, True),
        ("What is the full name of the JOTC?", OFFICE, True),
        ("What is JOTC short for?", "JOTC (Joint Orbital Traffic Centre) is new.", True),
        ("JOTC的全称是什么？", OFFICE, True),
        # another name, other characters, no characters
        ("What are the Chinese characters for Huafeng Oils?", FIRM, False),
        ("What is the Chinese name of Lu Wenbo?", FIRM, False),
        ("What is the Chinese name of the Zhuri 3 rocket?", ROCKET, False),
        ("What is the Chinese name of Dry Lake?", "Dry Lake (north of Yinchuan) is dry.", False),
        ("What is the Chinese name of the firm that bought Beifeng Oils?", FIRM, False),
        ("What is the Chinese name of the Wenhao institute?", FIRM, False),
        ("What is the Chinese name of Hengda Aerospace?", "恒达航天（海阳）发射了火箭。", False),
        ("What does JOTC stand for?", "The JOTC (in Riga) is new.", False),
        ("What does JOTC stand for?", "The Joint Orbital Office (JOO) is new.", False),
        ("What does JOT stand for?", OFFICE, False),
        # another thing asked for
        ("Who is Lu Wenhao?", FIRM, False),
        ("What did Beifeng Oils buy in Chinese ports?", FIRM, False),
        ("What is the Chinese name of ?", FIRM, False),
    ],
)
def test_a_name_and_what_stands_beside_it_in_brackets(question, sentence, answers):
    assert glosses(question, sentence) is answers
