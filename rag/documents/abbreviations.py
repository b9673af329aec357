"""Word lists of English writing that decide whether a full stop ends a sentence."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def by_letter(alternation: str) -> str:
    """The same alternation with words of one first letter together: several times as fast."""
    groups: dict[str, list[str]] = {}
    for word in alternation.split("|"):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in groups.items())


NEVER_END = _words(
    "mr mrs ms dr prof messrs mme mlle gen col lt capt cpt sgt maj adm radm vadm cmdr brig gov sen"
    " rep reps sens rev hon pres supt insp st mt ft vs e.g i.e eg ie cf viz resp approx ca c.f"
    " incl est v fig figs eq eqs ref refs"
)
"""Written before something, so a sentence cannot end there (lower case, last point left out)."""

BEFORE_NUMBER = _words(
    "no nos nr art arts sec secs para paras p pp vol vols ch chap chs pt app ann cl"
    " jan feb mar apr jun jul aug sep sept oct nov dec op rev ver v rs tel ext abs sched reg"
)
"""Abbreviations only when a number follows: "No. 2", "Art. 1010", "Sept. 13"."""

MAY_END = _words(
    "u.s u.k u.n e.u u.s.a u.s.s.r p.r.c r.o.k d.c inc ltd corp co llc plc bros etc al jr sr"
    " a.m p.m ph.d m.d b.a m.a b.sc m.sc ll.b esq dept univ assn bldg ave blvd rd ed eds trans"
    " intl natl govt tech ind mfg dist s.a s.p.a n.v b.v a.g jan feb mar apr jun jul aug sep sept"
    " oct nov dec mon tue tues wed thu thurs fri sat sun"
)
"""May stand in the middle or at the end: the next word decides."""

STARTERS = _words(
    "The A An In On It He She They We You I But And Or So Yet Nor However This That These Those"
    " Its His Her Their Our My As At After Before For From If When While Since Although Though"
    " Meanwhile Moreover Furthermore Still Thus Hence Then There Here Also Both Each Such Some"
    " Many Most Much Several Few All Another Other Others By To With Without Under Over Once Until"
    " During Despite Instead Even Only Not No Nevertheless Nonetheless Indeed According Because"
    " Between Among Beyond Through Throughout Today Last Next Now What Who Why How Where Which"
    " Whether Will Would Can Could Should Is Are Was Were Has Have Had Do Does Did First Second"
    " Third Finally Later Earlier Recently Additionally Similarly Likewise Rather One Two Three"
)
"""Capitalised words that open a sentence far more often than they go on a name."""

SAID = (
    "said|says|say|told|asked|asks|added|adds|warned|warns|wrote|writes|argued|argues|noted|notes"
    "|explained|explains|stated|states|reported|reports|claimed|claims|replied|declared|announced"
    "|remarked|observed|concluded|insisted|recalled|continued"
)
"""Verbs of saying, as an alternation for a regular expression."""

ASSERTED = (
    "tweeted|tweets|posted|testified|contends|contended|confirmed|confirms|cautioned|cautions"
    "|commented|predicted|predicts|estimated|estimates|believed|believes|stressed|stresses"
    "|emphasized|emphasizes|emphasised|emphasises|acknowledged|acknowledges|admitted|admits"
    "|suggested|suggests|denied|denies|responded|complained|complains|reckons|expects|tells"
    "|found|finds|shows|showed|pointed out|points out|insists|maintains|accused|accuses"
    "|grumbled|grumbles|quipped|joked|lamented|laments|countered|conceded|concedes|hinted|vowed"
    "|called|calls?|urged|urges|proposed|proposes|recommended|demanded|believes|hopes|doubts?|doubted|blamed?|blames"
    "|disputed|disputes|puts?|estimate|argue|warn|claim"
    "|believe|holds?|expect|fears?|suggest|insist|revealed|reveals|disclosed|discloses"
)
"""Verbs of holding something to be so, as an alternation; they are used of more than speech."""
