"""Words of which nothing is known: where they may narrow what is asked, a question is not rewritten."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.parse import known_words
from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.rewriter.tokens import lowered
from planimeter.vocabulary.numbers import ONES, PARTS, SCALES, TENS
from planimeter.vocabulary.topics import nouns


def listed(text: str) -> frozenset[str]:
    """The words of a text, once each."""
    return frozenset(text.split())


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

HARMLESS = listed(
    """
    a access according act actually advise advisor aerial agent ah aha ai ain't aint alright also altogether
    am amid an analyse analysis analyst analyze and annotate answer any anyone anything approximately around
    as ask asked asking asks assess assessment assistant at attached aunt available avg aware away awesome
    be beneath best-guess big-picture bit blurb boss both brief briefing briefly bring btw buddy but buyer
    by calculate calculation can cannot captain capture captured careful carefully case caught charming
    check cheers chief class classification classified classroom clear client closely code column come comes
    comment compute computer concerning confirm connected consider considered considering contain contains
    contribute contributes control cool corridor could counted country-side cover curious danger dashboard
    data dataset dear decimal degree deliver derive detail detected determine dig distinct divide do does
    doing doubly draw drawn drew drift drone dude each editor eh either ember energy enough entire er errors
    estimate estimated evaluate even everybody everyone everything everywhere exactly exam example excluded
    exclusion excuse exempt exercise exist existing exists expert explain expose exposed exposure expressed
    expression far fast-check feel feeling few-words figure figures file fill final finally find finds fine
    fire first five-minute flew float flood flooding fly folks following follows for form found freely
    friend fringe from full function general gentlemen geo get gimme gis give given gives glad go going good
    gosh got grab grateful great ground guess guide guys ha had-to hand handy happen happens hard has have
    having hazard heck hello help helpful helping her here hereby hey hi hint his hit hm hmm homework hope
    hose how however huh i i'd i'll i've idea identify if ignored image imagery images imagine img in indeed
    indicate indicator info inform information input inside insight insurer int integer intend interest
    interested interesting intersect into introduced inventory is it it's item its itself job json judge
    jumps just keep kindly know knowledge kpi label labelled labels ladies landscape later layer layers
    leafy learn legend len let let's lets like list listen little-help lol look looking looks lots love
    loved lovely machine madam main make man many map mapped mark mask mate math matter max may maybe me
    mean meaning means meant measure measured measurement measurements measuring mention metadata methods
    metric might min mind mine moment more morning most much my n namely narrowest nature nd near nearby
    need needed needs neighbour neighbourhood nice nice-day no none nope nor not note notes now nr num
    numeric numerical numerically observe obtain obviously occupied occupies occupy occur of off often oh ok
    okay on once one only onto op opinion or others otherwise ought our out output over overall overhead
    overview own-words page paper part particular path peaceful percent-wise percentwise perhaps peril
    perils phone photo photograph pic picture pictured pixel-based pixels place plain plan planner planning
    plenty pls plus plz png point pointed possible possibly precise precisely preparing present presentation
    print prior probably problem produce-number program project prompt property proportionally protected
    provide purely purpose purposes put python q query quest question questions quick quickly quiet quite r
    range raster rather raw re reach reached reaches read reader reading ready real really reckon recommend
    record recorded records refer reference referring regarding regards registered-here relate relative
    remaining remark remind remotest remove render repeat reply report reported reporting represent
    represents request requested requesting require required requires resolution respect respecting respond
    response rest result resulting results return review rhyme right ring riparian risk robot roger room
    rough roughly row rule run runs s satellite saw say says scan scene scheme scope scratch screen
    screenshot search see seeing seem seems seen segment segmentation segmented select send sense sensing
    sentence setback several shall share sheet short shot should show showing shown shows sight simple
    simply single sir site sites sitting situated size sized sketch small-question so some somebody somehow
    someone something sorry sort space spacious sparks specialist specific specifically specify split spot
    spray spread spreading spreads stand standing stands start state stated statement statistic statistics
    stats stay stays step still-there stop straight stretch stretches student study stuff subject submit
    subtract such suddenly suggest sum summarise summarize summary sums super suppose sure surely
    surrounding surroundings survey surveying surveyor system t table take taken takes taking talk tally
    target task teacher team telephone tell telling tells term terms test text than thank thanks that that's
    the their them then there there's thereof these they thing things think this those though thought
    threatened thus thx tick tidy tile time-permitting to todo together told too took tool tools topic total
    totally touch touched toward towards treat true truly try trying turn typical uh uhm um unaffected under
    understand understanding unit units upon urgent us use use-the used user uses using utterly value var
    variable verify version very via vicinity view viewing views violate violating vs wait wanna want wanted
    wants was wat waterfront way we we'd we've well were what what's whatever whats whatsoever where whereas
    wheres whether which while who'd whoa whole wildfire wildfires will-you wise wish with within without
    wonder wondering word words work working works would wow write writing wrong-not x y yeah yep yes
    yet-another you your yours zero zone zones
    differ fit fits forget separates skipping small std sd stdev vary varies spacing spaced summed joint affected belt alike exempt peril altogether
    """
)
"""Words that ask, address or report and narrow nothing by themselves."""

_PAST = re.compile(
    r"\b(?:was|were) (?:the|there|it|built|made)\b|\bused to\b|\b(?:has|have|had) been (?!left|excluded"
    r"|removed|taken|dropped|ignored)"
)


#: Words that say something no map shows, where they stand here for something that one does.
_MEANT = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bhigh (?=hazard|risk)",
        r"\bwhose (?=(?:area|size|footprint|distance)\b)",
        r"\bwill (?=(?:it |they |we )?(?:be |stay |remain |get )*(?:reach(?:ed)?|touched|wet|hit|dry|safe|affected|inside|outside)\b)",
        r"(?<=[a-z] )wide (?=(?:strip|band|belt|zone|buffer|corridor)\b)",
        r"\b(?:be|stay|remain|get) (?:wet|dry)\b",
        r"\bgiven that (?:very )?small patches are often errors,",
        r"\bcost(?=\W*$|, )",
        r"\blost (?=to (?:a|the) \d|if )",
        r"\bbroken (?=into)",
        r"\bsafety (?=zone|strip|buffer|belt)",
        r"\bhow green (?=.*\bndvi\b)",
        r"\boutlier,? that is,? (?=(?:the )?(?:largest|biggest))",
        r"\b(?:the )?long(?:er)? side (?=of\b)",
        r"\bwhen (?=(?:the )?(?:largest|biggest|smallest) (?:one )?(?:is|was) (?:left|taken|excluded))",
        r"\bbelongs (?=to [a-z ]+ (?:larger|over|above|bigger|smaller|under|below|>))",
        r"\bhigher (?=number|than\b)",
        r"^who (?=has more)",
        r"\bdon't (?=touch|border|adjoin|reach|exceed|lie|fall)",
    )
)


_SUPPOSED = re.compile(
    r"(\bif (?:[^,:?]* )?(?:strip|belt|zone|buffer)\b[^,:?]*?) (?:were|was) (?:closed|cleared|flooded|protected)\b"
)
"""A zone that is supposed to be closed: it is asked what lies in it."""


@cache
def number_words() -> frozenset[str]:
    """Words that are numbers, or places in an order."""
    ordinals = ("twentieth", "once", "twice", "thrice", "first", "second", "third", "fourth", "fifth", "half")
    return frozenset((*ONES, *TENS, *SCALES, *PARTS, *ordinals))


@cache
def _topical() -> frozenset[str]:
    return frozenset(word for phrase in nouns() for word in phrase.split())


def strangeness(asked: Cues) -> str | None:
    """Why a wording is not to be rewritten, as a clause; None where nothing speaks against it.

    Example:
        >>> from planimeter.coder.rewriter.cues import cues
        >>> strangeness(cues("how many insured houses are there")), strangeness(cues("ok how many houses are there"))
        ('the word "insured"', None)
    """
    text = _SUPPOSED.sub(r"\1", asked.text)
    for pattern in _MEANT:
        text = pattern.sub("", text)
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text)
    known = known_words() | HARMLESS | number_words()
    topical = _topical()
    for word in words:
        if word in UNMEASURABLE and word not in topical:
            return f'the word "{word}"'
    if _PAST.search(text):
        return "the past"
    for clause in re.split(r"[.,:;!?()\[\]\"]| - ", text):
        inside = re.findall(r"[a-z]+(?:'[a-z]+)?", lowered(clause).replace("_", " "))
        telling = any(word in topical for word in inside) or re.search(r"\d", clause)
        strange = [
            word
            for word in inside
            if word not in known
            and word.removesuffix("'s") not in known
            and word not in topical
            and len(word) > 1
        ]
        if strange and telling:
            return f'the word "{strange[0]}"'
    return None
