"""Converts the British and the American spelling of a word to the same text, called the common spelling.

This is done by rules for endings and a list of roots, which were written for recto from the differences that
dictionaries and style guides describe. The common spelling need not be a word (that of "size" is "sise"), but it must
not be the same for two different words.
"""

from __future__ import annotations

import re
from functools import lru_cache

# The roots of words that end in -our in British and in -or in American spelling.
_OUR = (
    "arb|ard|arm|behavi|cand|clam|col|demean|endeav|enam|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|parl|ranc|rig|rum"
    "|sav|savi|splend|succ|tum|val|vap|vig"
)
# The roots of words that end in -re in British and in -er in American spelling.
_RE = "accout|calib|cent|fib|goit|lit|louv|lust|manoeuv|maneuv|meag|met|mit|nit|och|reconnoit|sab|saltpet|scept|sepulch|somb|spect|theat|tit"  # noqa: E501
# Verbs whose last letter is doubled before an ending in British spelling ("travelled"), but not in American
# ("traveled").
_L = (
    "appar|barr|bev|canc|carol|chann|chis|couns|crystal|cud|dev|di|dial|drivel|du|enam|equ|fu|funn|gamb|grav|grov|imper"
    "|initi|jew|lab|lev|lib|marsh|marv|med|mod|pan|parc|ped|penc|quarr|rav|rev|riv|shov|shriv|sign|snork|spir|stenc|swiv"
    "|sym|tot|tow|trav|tunn|uncoi|unr|weas|yod"
)
# The rules that convert a word to its common spelling. Each is a pattern, and the text that replaces the match.
_RULES = tuple(
    (re.compile(pattern), american)
    for pattern, american in (
        # The endings -ize, -ization and -yze become -ise, -isation and -yse. In this rule, the common spelling of a
        # word is the British one.
        (
            r"(?<=[a-z]{3})iz(?=(?:e[drs]?|ers|ing|ings|ingly|able|ability|ation|ations|ational|ationally|ably|ance|ement)$)",
            "is",
        ),
        (r"lyz(?=(?:e[drs]?|ers|ing|able)$)", "lys"),
        (rf"({_OUR})our", r"\1or"),
        (r"^(mal)?odour", r"\1odor"),
        (rf"({_RE})re(s?)$", r"\1er\2"),
        (r"(cent|fib|theat)re(?=[a-z]{4})", r"\1er"),
        (r"manoeuvr(?=ab)", "maneuver"),
        (rf"({_RE})red$", r"\1ered"),
        (rf"({_RE})ring$", r"\1ering"),
        (r"(anal|catal|dial|epil|homol|ideol|monol|paral|pedag|prol|synag)og(?:ue(?=s?$)|u(?=e[dr]|ing))", r"\1og"),
        (r"(def|off|pret|lic)enc(?=es?$|ed$|ing$|eless)", r"\1ens"),
        (r"practis(?=e|ing)", "practic"),
        (rf"((?:{_L})[aeio]l|dial|fuel|duel|signal)l(?=ed$|ings?$|ers?$|ors?$|able$|ists?$)", r"\1"),
        (r"(install|enrol|fulfil)l?(?=ment|$|s$)", lambda match: match[1].rstrip("l") + "l"),
        (r"(sk|w)illful|(sk|w)ilful", lambda match: f"{match[1] or match[2]}ilful"),
        (r"(foc|bi)(u|a)ss(?=ed$|es$|ing$)", r"\1\2s"),
        (r"dgement", "dgment"),
        (r"^(un)?ageing", r"\1aging"),
        (r"grey", "gray"),
        (r"^tyre", "tire"),
        (r"plough", "plow"),
        (r"(m|sm)ould", r"\1old"),
        (r"^moult", "molt"),
        (r"sceptic", "skeptic"),
        (r"^cheque", "check"),
        (r"artefact", "artifact"),
        (r"sulph", "sulf"),
        (r"aluminium", "aluminum"),
        (r"gramme(?=s?$)", "gram"),
        (r"^cos(?=y|ier|iest)", "coz"),
        (r"draught", "draft"),
        (r"(marvel|wool|cancel|tranquil|libel)l(?=ous|en|ation|ity)", r"\1"),
        (r"jewellery", "jewelry"),
        (r"pyjama", "pajama"),
        (r"^kerb", "curb"),
        (r"^storey(?=s?$)", "story"),
        (r"tranquill", "tranquil"),
        (r"^gaol", "jail"),
        (r"^trialled", "trialed"),
        (r"^trialling", "trialing"),
        (r"(conn|infl|refl|defl)exion", r"\1ection"),
        (r"primaeval", "primeval"),
        (r"^(?:a)?eon(?=s?$)", "eon"),
        (r"syphon", "siphon"),
        (r"yogho?urt", "yogurt"),
        (r"^chequer", "checker"),
        (r"calliper", "caliper"),
        (r"councillor", "councilor"),
        (r"worshipper", "worshiper"),
        (r"(lik|siz|us|lov|mov|sal)eab(?=le|il)", r"\1ab"),
        (r"^aeroplane", "airplane"),
        (r"^enquir", "inquir"),
        (r"orientat(?=e[ds]?$|ing$)", "orient"),
        (r"^disc(?=s?$)", "disk"),
        # Greek and Latin roots that are written with "ae" or "oe" in British spelling.
        (r"haem(?=[aio])", "hem"),
        (r"aemi(?=[ac])", "emi"),
        (r"paed", "ped"),
        (r"aesth", "esth"),
        (r"aetiol", "etiol"),
        (r"palaeo", "paleo"),
        (r"archaeo", "archeo"),
        (r"(f|c)aec(?=a|e|u)", r"\1ec"),
        (r"gynaec", "gynec"),
        (r"caesi(?=um)", "cesi"),
        (r"caesar", "cesar"),
        (r"mediaeval", "medieval"),
        (r"foet(?=us|al|i|o)", "fet"),
        (r"oestr", "estr"),
        (r"oedem", "edem"),
        (r"oesoph", "esoph"),
        (r"rrhoea", "rrhea"),
        (r"manoeuv", "maneuv"),
        (r"homoeo", "homeo"),
        (r"coeliac", "celiac"),
        (r"amoeb", "ameb"),
    )
)
# Matches a word that a rule may change. Most words do not match; for these, the rules need not be tried.
_ANY_RULE = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _RULES))
# The rules in the opposite direction: a part of a word in the common spelling, and the letters that the British or the
# American spelling may have instead.
_BACK = (
    ("is", "iz"), ("lys", "lyz"), ("or", "our"), ("er", "re"), ("og", "ogue"), ("ens", "enc"), ("ler", "ller"),
    ("lor", "llor"), ("dgment", "dgement"), ("aging", "ageing"), ("gray", "grey"), ("tir", "tyr"), ("plow", "plough"),
    ("old", "ould"), ("olt", "oult"), ("skep", "scep"), ("check", "cheque"), ("artif", "artef"), ("sulf", "sulph"),
    ("num", "nium"), ("coz", "cos"), ("draft", "draught"), ("inquir", "enquir"), ("disk", "disc"), ("hem", "haem"),
    ("emi", "aemi"), ("ped", "paed"), ("esth", "aesth"), ("etiol", "aetiol"), ("paleo", "palaeo"),
    ("archeo", "archaeo"), ("fec", "faec"), ("cec", "caec"), ("gynec", "gynaec"), ("ces", "caes"), ("medi", "media"),
    ("fet", "foet"), ("estr", "oestr"), ("edem", "oedem"), ("esoph", "oesoph"), ("rhea", "rhoea"),
    ("maneuv", "manoeuv"), ("homeo", "homoeo"), ("cel", "coel"), ("ameb", "amoeb"), ("ilful", "illful"),
    ("practic", "practis"), ("gram", "gramm"), ("jail", "gaol"), ("ection", "exion"), ("iphon", "yphon"),
    ("abl", "eabl"), ("eon", "aeon"), ("checker", "chequer"), ("yogurt", "yoghurt"), ("jewel", "jewell"),
    ("curb", "kerb"), ("paj", "pyj"), ("filment", "fillment"), ("instal", "install"), ("enrol", "enroll"),
    ("elous", "ellous"), ("woolen", "woollen"), ("elation", "ellation"), ("quil", "quill"), ("air", "aero"),
    ("councilor", "councillor"), ("caliper", "calliper"), ("shiper", "shipper"), ("story", "storey"),
    ("stori", "storey"),
    ("primeval", "primaeval"),
)  # fmt: skip
# `spelt_back` returns at most this many texts. That is enough, because the spellings of a word differ in at most two
# places ("haemolysed").
_MOST_BEGINNINGS = 16


@lru_cache(16_384)
def common_spelling(word: str) -> str:
    """The common spelling of a folded word, which is the same for its British and its American spelling.

    Most words are returned unchanged.
    """
    if not _ANY_RULE.search(word):
        return word
    for pattern, american in _RULES:
        word = pattern.sub(american, word)
    return word


def spelt_back(text: str) -> list[str]:
    """Texts that may be British or American spellings of `text`, which is the common spelling of a word or of its
    beginning.

    The first of these texts is `text` itself. Not all of them are words.
    """
    texts = [text]
    for common, other in _BACK:
        if common in text:
            for each in texts[: _MOST_BEGINNINGS // 2]:
                before, _, after = each.rpartition(common)
                texts.append(f"{before}{other}{after}")
    return texts[:_MOST_BEGINNINGS]
