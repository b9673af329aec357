"""Hand-made pages in layouts as people save them; each value is (text, titles, prose marks)."""

ONE = (
    "The new pier took four years to build and cost twice the sum that was first named. "
    "Engineers blame the soft ground. The town blames the engineers."
)
TWO = (
    "A survey of nine ports found that cranes stand idle for a third of each day. "
    "Owners want fewer shifts. Unions want more cranes, and neither side will move."
)
THREE = (
    "Buyers waited all spring for the second batch of lenses. It came in June with a note "
    "that the third would be late. Prices rose by 12 percent within a week."
)
BLOG = f"""9 C
Lund
Monday, March 3, 2025
ad_slot
Home Blog Page 7

The Pier That Nobody Wanted to Pay For

0

{ONE}

{TWO}

Source: Harbour Desk, Quay News

Idle Cranes: Nine Ports Under the Glass

3

{TWO}

Lens Makers Miss Their Spring Deadline

0

{THREE}

{ONE}

Why Small Harbours Are Buying Their Own Tugs

{TWO}
"""
GAPS = f"""Harbour town finishes its pier four years late and over budget

{ONE}


Older piers in the region

{TWO}



Council names a new harbour master after long search

Ferry line to the islands gets a second ship this year



Nine ports report that cranes stand idle for hours each day

{TWO}

{THREE}


Lens prices rise again
"""
WRAPPED = """ Harbour Review • Volume 4 • Issue 2 • June 9, 2023

 Idle Cranes and What They

Cost the Coast

By Ann Lee and Omar (Finn) Roy

Introduction

A survey of nine ports found that cranes stand idle for a third of each day (Quay

News, May 3). Owners want fewer shifts, while the unions that speak for the crews

want more cranes, and neither side will move before the vote in the autumn.

12

https://example.org/a/cranes

Harbour Review • Volume 4 • Issue 2 • June 9, 2023

The vote itself is in doubt, since two of the nine ports have yet to name the people
 who will count it. Nobody expects them to hurry.
 The Long Way to a New Pier

By Eva Moreau

The new pier took four years to build and cost twice the sum that was first named at

the council (Harbour Desk, December 20). Engineers blame the soft ground.
"""
DIGEST = f"""List digest, volume 9

From: Ann Lee <ann@example.org>
Date: Tue, 4 Mar 2025 10:00:00 +0100
Subject: Cranes again

{ONE}

From: Omar Roy <omar@example.org>
Date: Wed, 5 Mar 2025 11:00:00 +0100
Subject: Re: Cranes again

{TWO}
"""
COMMENTED = f"""Cranes and Piers on the Southern Coast
{ONE}
{TWO}
Related Links:
The Tugs of the Northern Coast
A Short History of Rope
Quay Watch on Video
Comments
https://example.org/reply/1
{THREE}
-----
{TWO}
"""
DATED = f"""Posted 8 September 2025 in Small Harbours
THE PIER IS OPEN, SAYS THE TOWN

{ONE}

Posted 9 September 2024 in Small Harbours
THE PIER WILL OPEN SOON, SAYS THE TOWN

{TWO}
"""
MARKDOWN = f"""# The Pier Opens Four Years After It Was Promised

*Harbour Desk, 14 May 2024. By Ann Lee*

{ONE}

## Money

{TWO}

# Cranes Stand Idle in Nine Ports of the Region

*Harbour Desk, 3 June 2024*

{THREE}
"""
REPORT = f"""Annual Report on the State of the Piers

Introduction

{ONE}

Methods and Sources of the Survey

{TWO}

Conclusion

{THREE}
"""
CHINESE = """首页　新闻　数据　订阅

北方港口首座自动化码头正式投入运营

记者　林远山　2025年4月18日

北方港口的首座自动化码头星期五正式投入运营。码头共有十二台岸桥，全部由远程控制。

据港务局介绍，该项目总投资四十二亿元（海湾日报，4月17日）。专家认为，效率将提高三成。

相关阅读：码头为何推迟两年开放
"""
MASTHEAD = f"""THE QUAY LETTER                         No. 31, Friday 6 June 2025

In this issue:
The Pier Opens ..... 1
Cranes Stand Idle ..... 4

The Pier Opens at Last, Without a Band

By Ann Lee

{ONE}

Cranes Stand Idle in Nine Ports

By Omar Roy

{TWO}
"""
FOOTED = f"""Harbour Town Opens Its Pier

By Ann Lee | May 7, 2021

{ONE}

Share this:
Facebook
Tags: piers, cranes

Cranes Stand Idle Again

By Omar Roy | May 9, 2021

{TWO}

Leave a Reply
© 2021 Harbour Desk. All rights reserved.
"""
ITEMS = f"""QUAY WEEKLY
No. 12 - Friday, 6 June 2025 - For members

IN THIS ISSUE
1. The pier opens
2. Cranes stand idle
3. Tugs: a table

------------------------------------------
1. THE PIER OPENS
   (Ann Lee, Thursday)
------------------------------------------

{ONE}

------------------------------------------
2. CRANES STAND IDLE
   (From our correspondent on the coast)
------------------------------------------

{TWO}

------------------------------------------
3. TUGS: A TABLE
------------------------------------------

Harbour      Tugs      Crews
Velden       14        52
Nordby       9         31

The survey of the tugs found that no more than nine can be put to sea. Three were counted twice.
"""
UNDERLINED = f"""The harbour bulletin, June

[1] THE PIER IS OPEN AND NOBODY CAME
------------------------------------
{ONE}

[2] CRANES STAND IDLE AGAIN
---------------------------
{TWO}
"""
MANUAL = f"""The Tug Handbook
================

1. Getting the Tug Ready
------------------------

{ONE}

2. Leaving the Harbour
----------------------

{TWO}
"""
LAYOUTS = {
    "items": (ITEMS, ["THE PIER OPENS", "CRANES STAND IDLE", "TUGS: A TABLE"]),
    "underlined": (
        UNDERLINED,
        ["THE PIER IS OPEN AND NOBODY CAME", "CRANES STAND IDLE AGAIN"],
    ),
    "manual": (MANUAL, ["The Tug Handbook"]),
    "blog": (
        BLOG,
        [
            "The Pier That Nobody Wanted to Pay For",
            "Idle Cranes: Nine Ports Under the Glass",
            "Lens Makers Miss Their Spring Deadline",
        ],
    ),
    "gaps": (
        GAPS,
        [
            "Harbour town finishes its pier four years late and over budget",
            "Nine ports report that cranes stand idle for hours each day",
        ],
    ),
    "wrapped": (
        WRAPPED,
        ["Idle Cranes and What They Cost the Coast", "The Long Way to a New Pier"],
    ),
    "digest": (DIGEST, ["Cranes again", "Re: Cranes again"]),
    "commented": (COMMENTED, ["Cranes and Piers on the Southern Coast", "Comments"]),
    "dated": (DATED, ["THE PIER IS OPEN, SAYS THE TOWN", "THE PIER WILL OPEN SOON, SAYS THE TOWN"]),
    "markdown": (
        MARKDOWN,
        [
            "The Pier Opens Four Years After It Was Promised",
            "Cranes Stand Idle in Nine Ports of the Region",
        ],
    ),
    "report": (REPORT, ["Annual Report on the State of the Piers"]),
    "chinese": (CHINESE, ["北方港口首座自动化码头正式投入运营"]),
    "masthead": (
        MASTHEAD,
        ["The Pier Opens at Last, Without a Band", "Cranes Stand Idle in Nine Ports"],
    ),
    "footed": (FOOTED, ["Harbour Town Opens Its Pier", "Cranes Stand Idle Again"]),
    "plain": (ONE, ["plain"]),
}
