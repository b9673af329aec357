"""Words that begin with a capital at a sentence's head, or always, and are no names."""

from __future__ import annotations

from rag.answering.units import NUMBER_WORDS

_PLAIN_WORDS = (
    "a an the this that these those it its he she they we i you his her their our in on at to "
    "for of and or but as by with from according yes no not both each all some any most many "
    "one two there here when where while after before during since until because if although "
    "however january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "what which who whom whose how why is are was were do does did has have had can could will "
    "would should thursday friday saturday sunday mr mrs ms dr prof percent per cent bn mn "
    "president premier minister professor chairman director secretary general admiral captain "
    "colonel senator ambassador governor mayor sir lord today yesterday tomorrow "
    "compare name list tell explain describe summarise summarize "
)
NOT_NAMES = frozenset(_PLAIN_WORDS.split())
"""Words, months and titles that name nobody."""

_BARE_WORDS = (
    "above access again age aid air also another approval army arrival art attendance baseball "
    "behind below beyond birth blame blood capacity capital cargo cash cement children coal "
    "competition consensus construction control copper corn cost cotton council coverage credit "
    "crew crime damage data day death debris debt delay delivery demand depth dinner discovery "
    "dust duty earlier earth either electricity energy entry even everyone fear fire first fish "
    "flash flight fluoride food football former fraud freedom freight frequency fuel gas glass "
    "god gold grain gratitude ground growth half health heat height help history hope ice "
    "income industry inflation information inside instead interest inventory iron labor labour "
    "land last later latter launch law leadership legal length less life light lithium little "
    "lunch luxury machinery management marijuana mass meat membership mold money morale more "
    "most much music nature neither never news next nickel night nobody noise none nor now oil "
    "once only other others outage output outside overtime ownership paper passage peace people "
    "plastic police power price production profit progress public rail rain rainfall range "
    "recovery removal renewal rent research revenue rice sabotage safety same sand school "
    "science sea second security seldom shelter shortage silver size smart smoke snow so soccer "
    "soon sound space speed sport staff steel still storage strong such sugar supply support "
    "talk tax technology theft theirs then third thus timber time today trade traffic transit "
    "travel trial truth turnout turnover use value war water weather weight wheat width wind "
    "wood work youth"
)
BARE_NOUNS = frozenset(_BARE_WORDS.split()) | NUMBER_WORDS.keys()
"""Nouns that stand before "is" without an article, and words that do in inverted sentences."""
