"""What counts as right, on answers made by hand: nothing right is refused, nothing wrong let pass."""

import pytest

from rag.evaluation.measures.correctness import is_right
from rag.evaluation.numerals import with_digits

# Question, accepted answers ("|" between aliases, "&" between groups), answer, whether it is right.
CASES = """
What did it cost? ; 2.4 bn ; It cost 2,400 million in the end. ; right
What did it cost? ; 2.4 billion euros ; It cost €2.4bn. ; right
What did it cost? ; 2.4 billion euros ; It cost $2.4bn. ; wrong
What did it cost? ; 2.4 billion euros ; It cost 2.4 million euros. ; wrong
What did it cost? ; 2.4 billion euros ; It cost 24 billion euros. ; wrong
What did it cost? ; 2.4 billion euros ; It cost 2.4 billion. ; right
What did it cost? ; 1.27 million t ; About 1.3 million t were bought. ; wrong
What did it cost? ; 1.27 million t ; 1,270,000 tonnes were bought. ; right
What did it cost? ; 9,800 francs ; The rent is 9,800 Swiss francs a month. ; right
What did it cost? ; 9,800 francs ; The rent is CHF 9,800 a month. ; right
What did it cost? ; 9,800 francs ; The rent is 9,800 euros a month. ; wrong
What did it cost? ; 0.41 yuan ; They pay RMB 0.41 per watt-hour. ; right
What did it cost? ; 3.2 billion Danish kroner ; It pays 3.2bn kroner. ; right
What did it cost? ; 38 cents|0.38 euros ; It pays €0.38 per cubic metre. ; right
What did it cost? ; 1.9亿元 ; Revenue came to 190 million yuan. ; right
What did it cost? ; 1.9亿元 ; 营业收入是一亿九千万元。 ; right
What did it cost? ; 1.9亿元 ; 营业收入是1.9万元。 ; wrong
What did it cost? ; 1.9亿元 ; 营业收入是十九亿元。 ; wrong
What did it cost? ; 1.2 billion yuan ; 金额十二亿元。 ; right
What did it cost? ; 12,000 yuan ; 每台每月一万二千元。 ; right
What did it cost? ; 12,000 yuan ; 每台每月1.2万元。 ; right
What did it cost? ; 12,000 yuan ; 每台每月一千二百元。 ; wrong
What did it cost? ; 4.87亿元 ; The project cost 487 million yuan. ; right
What did it cost? ; 4.87亿元 ; The project cost 48.7 million yuan. ; wrong
What did it cost? ; 96 million euros ; It cost 96m euros. ; right
What did it cost? ; 96 million euros ; It cost 96k euros. ; wrong
What did it cost? ; 220 million ; It cost AUD 220m. ; right
How much? ; 2.4 million t ; It bought 2.4m tonnes. ; right
How much? ; 5 million ; It makes 5 m/s. ; wrong
How much does it hold? ; half a terabyte ; It holds 500 GB. ; right
How much does it hold? ; 500 GB ; It holds half a terabyte. ; right
How much does it hold? ; 500 GB ; It holds half a gigabyte. ; wrong
How many people? ; 500,000 ; Half a million people live there. ; right
How many people? ; 500,000 ; Half of the people live there. ; wrong
How long? ; two and a half hours ; It runs for 2.5 hours. ; right
How long? ; 2.5 hours ; It runs two and a half hours. ; right
How long? ; 2.5 hours ; It runs 2½ hours. ; right
How long? ; 2.5 hours ; 电池能用两个半小时。 ; right
How long? ; 2.5 hours ; It runs two hours. ; wrong
How long? ; 2.5 hours ; It runs 150 minutes. ; right
How long? ; 18 min ; Charging takes 18 minutes. ; right
How long? ; 18 min ; Charging takes 18 hours. ; wrong
How long? ; two years ; It stays up for 24 months. ; right
How long? ; 22 years|22 ; Within twenty-two years. ; right
How long? ; 104分钟 ; 实际用时为一百零四分钟。 ; right
How long? ; 104分钟 ; It took 104 minutes. ; right
How long? ; 104分钟 ; 实际用时为一百四十分钟。 ; wrong
How long? ; 104 minutes ; It took an hour and a half. ; wrong
How many ships? ; 24 ; Two dozen ships came. ; right
How many ships? ; 14 ; Two dozen ships came. ; wrong
How many ships? ; 12 ; About a dozen ships came. ; right
How many ships? ; 100 ; A hundred ships came. ; right
How many ships? ; 2,600 ; Two thousand six hundred ships came. ; right
How many ships? ; 2,006 ; Two thousand and six ships came. ; right
How many ships? ; 200 ; Two thousand ships came. ; wrong
How many ships? ; 19 ; Nineteen, eleven of them in accidents. ; right
How many ships? ; 30 ; Nineteen, eleven of them in accidents. ; wrong
How far? ; 20公里 ; The radius grows to 20 kilometres. ; right
How far? ; 20公里 ; The radius grows from 12 to 20 km. ; right
How far? ; 20公里 ; The radius is 12 kilometres. ; wrong
How far? ; 412 m ; It drove 0.412 km. ; right
How far? ; 412 m ; It drove 412 km. ; wrong
How far? ; 262 m ; It saw 262 metres on the grey board. ; right
How far? ; 94 kilometres ; It reached an altitude of 94,000 metres. ; right
How far? ; 7,610 km ; The route is 7 610 km long. ; wrong
How far? ; 7,610 km ; The route is 7,350 km long. ; wrong
How far? ; 7,610 km ; It was 7,350 km and is now 7,610 km. ; right
How far? ; 26 ; It lay 26 kilometres off and not 31. ; right
How far? ; 31 ; It lay 26 kilometres off and not 31. ; wrong
How far? ; 4,800 ; 6,200 were lost rather than 4,800. ; wrong
How far? ; 31 ; It wasn't 31 kilometres. ; wrong
How far? ; 31 ; It is no longer 31 kilometres. ; wrong
How far? ; 31 ; It lay 26 kilometres off, not at 31. ; wrong
How heavy? ; 22.5 t ; It lifts 22,500 kg. ; right
How heavy? ; 22.5 t ; It lifts 22.5 kg. ; wrong
How heavy? ; 14.9 tons ; It weighed 14.9 tonnes. ; right
How heavy? ; 42公斤 ; It weighs 42 kg. ; right
How heavy? ; 2670吨 ; 总重两千六百七十吨。 ; right
How heavy? ; 2670吨 ; 总重2760吨。 ; wrong
How fast? ; 26 knots ; She makes 26 kn. ; right
How fast? ; 26 knots ; She makes 26 km/h. ; wrong
How fast? ; 18 metres a second ; Up to 18 m/s. ; right
How fast? ; 198 km/h ; Gusts of 198 kilometres an hour. ; right
How cold? ; -12 ; Below minus 12 degrees it may not be used. ; right
How cold? ; -12 ; Below 12 degrees it may not be used. ; wrong
How cold? ; -12 ; It may be minus twelve degrees. ; right
How cold? ; -12 ; It may be 12 degrees below zero. ; right
How cold? ; -12 ; It may be 12 degrees below the limit. ; wrong
How cold? ; -12 ; 零下12度以下不得使用。 ; right
How strong? ; -23 dBm ; Its sensitivity is −23 dBm. ; right
How strong? ; -23 dBm ; Its sensitivity is 23 dBm. ; wrong
How large? ; 37 km² ; It covers 37 square kilometres. ; right
How large? ; 37 km² ; It covers 3,700 hectares. ; right
How large? ; 37 km² ; It covers 37 hectares. ; wrong
How much water? ; 412,000 cubic metres ; It took 412,000 m³. ; right
How much water? ; 412,000 cubic metres ; It took 412,000 litres. ; wrong
How much power? ; 38 MW ; It takes 38,000 kilowatts. ; right
How much power? ; 18 MWh ; The battery holds 18 megawatt-hours. ; right
How much power? ; 18 MWh ; The battery gives 18 MW. ; wrong
What share? ; 31% ; 31 per cent of it. ; right
What share? ; 31% ; There were 31 of them. ; wrong
What share? ; 31% ; It rose by 31 percentage points. ; wrong
What share? ; 31% ; 占百分之三十一。 ; right
What share? ; 12 to 18 ; A saving of 12–18 percent. ; right
How many? ; 3 ; Three of the nine were approved. ; right
How many? ; 3 ; There are 13 of them. ; wrong
How many? ; 3人 ; 事故造成三人死亡。 ; right
How many? ; 3人 ; Three people died. ; wrong
How many? ; 3 ; 三号天线通过了验收。 ; wrong
How many? ; 106 ; One hundred and six ships. ; right
How many? ; 4 ; Several came [4]. ; wrong
How many? ; 1.5 million ; It handles 1,500,000 containers. ; right
When? ; 29 April 2021 ; It flew on April 29, 2021. ; right
When? ; 29 April 2021 ; 于2021年4月29日发射。 ; right
When? ; 29 April 2021 ; 于二〇二一年四月二十九日发射。 ; right
When? ; 29 April 2021 ; It flew in April 2021. ; wrong
When? ; 29 April 2021 ; It flew on 28 April 2021. ; wrong
When? ; 29 April 2021 ; It flew on 29 April 2012. ; wrong
When? ; 14 January ; She started on 2026-01-14. ; right
When? ; October ; It opened in October 2024. ; right
When? ; October ; It opened on 3 October. ; right
When? ; October ; It opened in November 2024. ; wrong
When? ; 2024 & February ; First by the end of 2024, now in February 2026. ; right
When? ; 2024 & February ; In February 2026. ; wrong
When? ; 2027 ; It ends on 4 March 2027. ; right
When? ; 29 April 2021 ; It flew on 2021/04/29. ; right
When? ; 29 April 2021 ; It flew on 2021/4/28. ; wrong
When? ; 03:12 ; The image was taken at 3:12 UTC. ; right
Who? ; Zhang Peiyi|张佩仪 ; 张佩仪这样认为。 ; right
Who? ; Zhang Peiyi ; Peiyi Zhang thinks so. ; wrong
Who? ; Müller ; Mr Muller’s firm. ; right
Who? ; Riga ; the port of Rigan ; wrong
Who? ; Ostara ; The Ostrava Star did it. ; wrong
Who? ; Ostrava Star ; It was not the Ostrava Star but a dredger. ; wrong
Who? ; LX-80 ; The LX80 module. ; right
Who? ; LX-80 ; The LX-40 module. ; wrong
Who? ; LX-80 ; The LX 80 module. ; right
Who? ; Cirrus 5 ; It took hold of Cirrus-5. ; right
Who? ; Cirrus 5 ; It took hold of Cirrus-6. ; wrong
Who? ; Cirrus 5 ; It took hold of Cirrus 6 and not Cirrus 5. ; wrong
What? ; did not cut ; The freighter didn't cut the cable. ; right
What? ; microphones ; It gave up a microphone. ; right
What? ; fertiliser quay ; The fertilizer quay was condemned. ; right
What? ; defence ; The defense ministry. ; right
What? ; harbour wall ; The harbor walls stand. ; right
What? ; sextant ; They learn to use sextants. ; right
What? ; not a ban ; The rule is not a ban. ; right
What? ; Brisa ; It was built by Brisas. ; wrong
Which? ; Malaysia & Chile ; Chile and Malaysia were added. ; right
Which? ; Malaysia & Chile ; Malaysia was added. ; wrong
Which? ; British|UK & Swiss|Switzerland ; The UK and Switzerland paid. ; right
"""


def parse(line):
    question, accepted, text, verdict = line.split(" ; ")
    groups = [group.split("|") for group in accepted.split(" & ")]
    return pytest.param(groups, text, verdict == "right", id=f"{question} {accepted} <- {text}")


LINES = CASES.strip().splitlines()


@pytest.mark.parametrize(("groups", "text", "right"), map(parse, LINES))
def test_an_answer_is_judged_as_a_reader_would(groups, text, right):
    assert is_right(text, groups) is right


def test_the_table_is_large_and_tells_both_ways():
    wrong = sum(line.endswith("wrong") for line in LINES)
    assert len(LINES) >= 100
    assert min(wrong, len(LINES) - wrong) >= 40


@pytest.mark.parametrize(
    ("text", "accepted", "right"),
    [
        ("No, it did not.", "no", True),
        ("No. Yes would be wrong.", "no", True),
        ("Yes, it did. No one was hurt.", "no", False),
        ("It did so no later than May.", "no", False),
        ("Yes [1].", "yes", True),
        ("It was done. Yes.", "yes", True),
        ("Nobody was charged.", "no", True),
        ("No one has been charged.", "no", True),
        ("No ship was lost.", "no", True),
        ("No ship was lost.", "yes", False),
        ("Mending is free. No licence is needed.", "yes", False),
        ("No later than May.", "no", False),
        ("是，已经停止。", "是", True),
        ("不是，还没有。", "是", False),
    ],
)
def test_the_first_yes_or_no_decides(text, accepted, right):
    assert is_right(text, [[accepted]], yes_or_no=True) is right


def test_a_no_inside_a_sentence_leaves_room_for_what_else_is_accepted():
    accepted = [["yes", "are free", "re:no customers? lost"]]
    assert is_right("Updates are free. No licence is needed.", accepted, yes_or_no=True)
    assert is_right("No customer lost supply.", accepted, yes_or_no=True)
    assert not is_right("No, updates are free only for members.", accepted, yes_or_no=True)


def test_what_only_a_wrong_answer_says_is_rejected():
    rejected = [r"re:\bA1\b(?:(?!B2)[^.;])*\bheavier"]
    assert is_right("B2 is heavier than A1.", [["B2"]], rejected=rejected)
    assert is_right("A1 weighs 3 kg, and B2 is heavier.", [["B2"]], rejected=rejected)
    assert not is_right("A1 is heavier than B2.", [["B2"]], rejected=rejected)


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [
        ("十", "十"), ("十一", "11"), ("二十", "20"), ("一百零四", "104"), ("两千零五", "2005"),
        ("一万二千", "12000"), ("一亿九千万", "190000000"), ("三万亿", "3000000000000"),
        ("二〇二五年", "2025年"), ("三人", "3人"), ("第三人", "第三人"), ("三号", "三号"),
        ("一个", "一个"), ("万一", "万一"), ("百分之", "百分之"), ("两个半小时", "2.5小时"),
        ("4.87亿元", "4.87亿元"),
    ],
)  # fmt: skip
def test_han_numerals(numeral, digits):
    assert with_digits(numeral) == digits
