"""Words of which nothing is known: where they may narrow what is asked, a question is not rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from planimeter.coder.grammar.meanings import known_words
from planimeter.coder.rewriter.behind import told_behind
from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.rewriter.harmless import HARMLESS
from planimeter.coder.rewriter.places import PLACED, out_of_place
from planimeter.coder.rewriter.turns import COMPARED, HARMLESSLY, SUPPOSED
from planimeter.coder.word_lists import listed
from planimeter.vocabulary.numbers import NUMBER_WORDS
from planimeter.vocabulary.topics import nouns

UNMEASURABLE = listed(
    """
    2010 abandoned address addresses age aged ago airport allowed already altitude ancient animal animals
    annual anymore apple april asphalt attractive august autumn balcony bank barley barn barns basement
    beautiful because beech bees belong belonging belongs best better bicycle bicycles biomass birch bird
    birds black blue boat boats bought brick bridge bridges bright broadleaf broadleaved broken brown
    built-in buried burned burning burnt bus buses busiest busy buy called capital car carbon cars castle
    castles cat cats cause caused causes century chance change changed changes cheap cheaper cheapest child
    children chimney church city's clean co2 cold color colour coloured commercial concrete condition
    conditions conifer coniferous consume consumption contaminated cool-in coordinates corn cost costs
    council's countries country cow cows crime crop-type cubic daily damaged dark date dated day days dead
    decade decades december deciduous decrease decreased deep deeper deepest deer depth depths derelict
    destroyed dirt-road dirty diseased dog dogs dollar dollars door doors drinkable drive driving drought
    dying electricity elevation empty euro euros evergreen expand expanded expensive facing factories
    factory fallow families family famous favourite february fence fences fertile fish flat flooded-in floor
    floors forecast former formerly fresh frozen fruit future gabled gained gallons garage garages garden
    gardens glass grape grapes gravel gray grazed greenhouse greenhouses grew grey grow growing grown grows
    growth harbour harvest harvested healthy heating height heights hidden high higher highest historic
    horse horses hospital hospitals hot hotel hotels hour hours hours' household households humid humidity
    illegal important income increase increased industrial inhabitant inhabitants inhabited insects insured
    intact invest investment january july june landlord lane lanes last last-year latitude law legal
    legality licensed light likelihood likely listed liters litres live lived lives living loan longitude
    lost low lower lowest maize march market material materials mature metal mill mills minute minutes
    minutes' modern moist moisture money month monthly months mosque mown municipal name named names narrow
    narrower new newer newest next-year nice-looking nicest nitrogen noise noisy november oak oaks
    occupied-by october odds office offices old older oldest olive orange orchard orchards organic
    overlooking own owned owner owners ownership owns oxygen parking past people's permit permits permitted
    person pine pines pink pitched plane planes planned playground polluted pool pools poor popular
    populated population port postcode potato potatoes pound pounds predict predicted prettiest pretty
    previously price prices private privately probability produced public publicly purple quality quietest
    rain rainfall reason reasons recent recently red registered rent rented rents resident residential
    residents rice rich rich-in ripe risk-class round rounder roundest ruined safe-to sale salty school
    schools season seasons seen-from sell selling september shaded shape shaped shed sheds sheep ship ships
    shop shops shrank shrink shrinks shrunk sick silo silos since slate slope slopes snow sold sown soy
    species speed spring spruce square-shaped station stations steel steep steepness still stone store
    stores storey storeyed storeys stories storm street-name summer sunlit sunny tall taller tallest tax
    taxed taxes temperature temperatures temple tenant tenants thatched tiled tiles timber-volume toll
    tomorrow tonnes tons tourist tourists tower towers toxic traffic train trains travel traveling trend
    truck trucks turbine turbines ugly underground unhealthy uninhabited uninsured until vacant vehicle
    vehicles views-of vineyard vineyards visible-from visitor visitors volume volumes walk walking wall
    walls warehouse warehouses warm weather weekly wheat when white who whom whose why wide wider widest
    width widths wildlife will wind window windows windy winter wood-frame wooden worker workers worse worst
    worth year yearly years yellow yesterday's yet yield yields young zoned
    """
)
"""Words of time, ownership, price, names, people, heights, materials, kinds, quality and causes: no map shows these."""

_PAST = re.compile(
    r"\b(?:was|were) (?:the|there|it|built|made)\b|\bused to\b|\b(?:has|have|had) been (?!left|excluded"
    r"|removed|taken|dropped|ignored)|\b(?:before|after|during) the (?:flood|storm|fire|war|night|winter|summer)\b"
    r"|\b(?:in|since|by|before|after|from|as of) (?:the year )?"
    r"(?:19|20)\d\d\b(?! ?(?:[a-z]{0,2}m\b|m2|ha\b|sq|ac|hec|ft|fe|yd|ya|%|per))"
)


@cache
def number_words() -> frozenset[str]:
    """Words that are numbers, ranks or fractions."""
    ordinals = ("twentieth", "once", "twice", "thrice", "first", "second", "third", "fourth", "fifth", "half")
    return frozenset((*NUMBER_WORDS, *ordinals))


@cache
def judged_words() -> frozenset[str]:
    """Every word of which it is known where it narrows what is asked, the grammar's among them.

    >>> {"houses", "tally", "protected", "insured"} <= judged_words(), "gelato" in judged_words()
    (True, False)
    """
    return known_words() | HARMLESS | PLACED | UNMEASURABLE | number_words()


@cache
def _topical() -> frozenset[str]:
    return frozenset(word for phrase in nouns() for word in phrase.split())


def strangeness(asked: Cues) -> str | None:
    """Why a wording is not to be rewritten, as a clause; None where nothing speaks against it.

    Example:
        >>> from planimeter.coder.rewriter.cues import cues
        >>> strangeness(cues("how many insured houses are there")), strangeness(cues("ok how many houses are there"))
        ('the word "insured"', None)
        >>> strangeness(cues("houses whose area is over 50 m2")), strangeness(cues("whose houses are over 50 m2"))
        (None, 'the word "whose"')
    """
    narrowing = narrowed(asked)
    unknown = unknown_words(asked)
    return narrowing or (f'the word "{unknown[0]}"' if unknown else None)


def narrowed(asked: Cues) -> str | None:
    """What no map shows, or a word that narrows where it stands, as a clause; None where there is neither."""
    topical = _topical()
    for word in re.findall(_WORD, _plain(asked)):
        if word in UNMEASURABLE and word not in topical:
            return f'the word "{word}"'
    if _PAST.search(_plain(asked)):
        return "a time"
    measured = any(
        figure.unit is not None and figure.unit.dimension in ("length", "area") for figure in asked.figures
    )
    for clause in _telling(asked):
        narrowing = out_of_place(clause, measured) or told_behind(clause)
        if narrowing:
            return f'the word "{narrowing}"'
    return None


def unknown_words(asked: Cues) -> tuple[str, ...]:
    """Words of which nothing is known, in clauses that name a topic or a number.

    Example:
        >>> from planimeter.coder.rewriter.cues import cues
        >>> unknown_words(cues("the marquee, please: how many houses has the gelato crew"))
        ('gelato',)
    """
    known = judged_words() | _topical()
    words = (word for clause in _telling(asked) for word in re.findall(_WORD, clause))
    return tuple(
        dict.fromkeys(word for word in words if len(word) > 1 and not {word, word.removesuffix("'s")} & known)
    )


_WORD = r"[a-z]+(?:'[a-z]+)?"


def _plain(asked: Cues) -> str:
    text = SUPPOSED.sub(r"\1", asked.text.replace("_", " "))
    return HARMLESSLY.sub(" ", COMPARED.sub(r"\1 than", text))


def _telling(asked: Cues) -> Iterator[str]:
    """The clauses that name a topic or a number."""
    topical = _topical()
    for clause in re.split(r"[.,](?!\d)|[:;!?()\[\]\"]| - ", _plain(asked)):
        if re.search(r"\d", clause) or not topical.isdisjoint(re.findall(_WORD, clause)):
            yield clause
