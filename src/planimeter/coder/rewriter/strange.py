"""Words of which nothing is known: where they may narrow what is asked, a question is not rewritten."""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.parse import known_words
from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.rewriter.tokens import lowered
from planimeter.vocabulary.numbers import ONES, PARTS, SCALES, TENS
from planimeter.vocabulary.topics import nouns

UNMEASURABLE = frozenset(
    """
    when why who whose whom name names named called worth cost costs price prices expensive cheap cheaper
    cheapest market rent rents rented sale sold buy bought sell selling loan bank tax taxes taxed income rich poor money
    euro euros dollar dollars pound pounds invest investment
    own owns owned owner owners ownership belong belongs belonging private privately public publicly municipal church
    council's landlord tenant tenants registered licensed legal illegal law listed permit permits permitted allowed zoned
    old older oldest new newer newest young modern historic ancient former recent recently age aged built-in date dated year
    years month months decade decades century day days hour hours minute minutes ago since until tomorrow yesterday's
    future past last next-year summer winter spring autumn season seasons january february march april june july august
    september october november december 2010 future planned will yet already still anymore formerly previously
    lost gained grew grow grows growing grown growth shrink shrinks shrank shrunk changed changes change increase increased
    decrease decreased expand expanded trend annual yearly monthly daily weekly predict predicted forecast
    tall taller tallest high higher highest low lower lowest height heights deep deeper deepest depth depths volume volumes
    elevation altitude slope slopes steep steepness storey storeys stories floor floors basement storeyed
    wooden wood-frame brick stone concrete steel metal glass thatched tiled tile tiles slate flat gabled pitched material
    materials asphalt gravel dirt-road colour color coloured red blue white black yellow orange brown grey gray pink purple
    dark bright light
    insured uninsured empty vacant abandoned derelict inhabited uninhabited occupied-by residential commercial industrial
    office offices factory factories shop shops store stores school schools hospital hospitals hotel hotels barn barns
    garage garages shed sheds greenhouse greenhouses bridge bridges tower towers turbine turbines parking playground
    airport station stations port harbour mosque temple castle castles warehouse warehouses mill mills silo silos
    pool pools balcony chimney garden gardens fence fences wall walls window windows door doors heating
    car cars truck trucks vehicle vehicles bus buses train trains ship ships boat boats plane planes bicycle bicycles
    person people's inhabitant inhabitants resident residents population populated family families child children
    household households live lives living lived worker workers visitor visitors tourist tourists
    dog dogs cat cats cow cows sheep horse horses bird birds deer fish animal animals wildlife insects bees
    oak oaks pine pines spruce beech birch species conifer coniferous deciduous broadleaf broadleaved evergreen maize corn
    wheat barley rice soy potato potatoes grape grapes vineyard vineyards orchard orchards apple olive fruit organic
    fallow ripe harvest harvested yield yields crop-type sown mown grazed mature
    healthy unhealthy dead dying diseased sick burnt burned burning damaged destroyed broken flooded-in ruined intact
    condition conditions quality clean polluted dirty drinkable contaminated toxic safe-to fertile rich-in frozen salty
    fresh warm cold hot cool-in temperature temperatures weather rain rainfall snow wind windy sunny humid humidity storm
    moisture moist drought carbon co2 biomass oxygen nitrogen timber-volume tonnes tons litres liters gallons cubic
    noise noisy quietest traffic busy busiest crime speed lanes lane toll beautiful nicest nice-looking ugly best worst
    better worse favourite pretty prettiest attractive popular famous important
    risk-class probability likely likelihood chance odds cause causes caused reason reasons because legality
    walk walking drive driving travel traveling minutes' hours'
    country countries capital city's address addresses postcode street-name coordinates latitude longitude
    wide wider widest width widths narrow narrower round rounder roundest square-shaped shape shaped
    overlooking facing views-of visible-from seen-from shaded sunlit underground buried hidden
    electricity produced last-year energy consumption consume
    """.split()
)
"""Words of time, ownership, price, names, people, heights, materials, kinds, quality and causes: no map shows these."""

HARMLESS = frozenset(
    """
    blurb energy value i'd i'll i've we'd we've whats what's wheres it's that's there's let's who'd flooding wildfire wildfires his her rest use uses used satellite telephone ground cover
    a access according act actually advise advisor aerial agent ah aha ai ain't aint alright also altogether am amid an
    analyse analysis analyst analyze and annotate answer any anyone anything approximately around as ask asked asking asks
    assess assessment assistant at attached aunt available avg aware away awesome be beneath best-guess big-picture bit boss both
    brief briefly briefing bring btw buddy but buyer by calculate calculation can cannot captain capture captured careful
    carefully case caught charming check cheers chief class classification classified classroom clear client closely code
    column come comes comment computer compute concerning confirm connected consider considered considering contain contains
    contribute contributes control cool corridor could counted country-side curious danger dashboard data dataset dear
    decimal degree deliver derive detail detected determine dig distinct divide do does doing doubly drew draw drawn drift drone
    dude each editor eh either ember enough entire er errors estimate estimated evaluate even everybody everyone everything
    everywhere exactly exam example excluded exclusion excuse exempt exercise exist existing exists expert explain expose exposed
    exposure expressed expression far fast-check feel feeling few-words figure figures file fill final finally find finds fine fire
    first five-minute flew float flood fly folks following follows for form found freely friend fringe from full function
    general gentlemen geo get gimme gis give given gives glad go going good gosh got grab grateful great guess guide guys ha had-to
    hand handy happen happens hard has have having hazard heck hello help helpful helping here hereby hey hi hint hit hm hmm
    homework hope hose how however huh i idea identify if ignored image imagery images imagine img in indeed indicate
    indicator info inform information input inside insight insurer int integer intend interest interested interesting intersect
    into introduced inventory is it item its itself job json judge jumps just keep kindly know knowledge kpi label labelled labels
    ladies landscape later layer layers learn leafy legend len let lets like list listen little-help lol look looking looks lots
    lovely machine madam main make man many map mapped mark mask mate math matter max may maybe me mean meaning means meant
    measure measured measurement measuring measurements mention metadata methods metric might min mind mine moment more morning most
    much my n namely narrowest nature nd near nearby need needed needs neighbour neighbourhood nice nice-day no none nope nor not note
    notes now nr num numeric numerical numerically observe obtain obviously occur occupied occupies occupy of off often oh ok
    okay on once one only onto op opinion or others otherwise ought our out output over overhead overall overview own-words page
    paper part particular path peaceful percent-wise percentwise perhaps peril perils phone photo photograph picture pictured pic
    pixel-based pixels place plain plan planner planning plenty pls plus plz png point pointed possible possibly precise
    precisely preparing present presentation print prior probably problem produce-number program project prompt property
    proportionally protected provide purely purpose purposes put python q query quest question questions quick quickly quiet quite
    r range raster rather raw re reach reached reaches read reader reading ready real really reckon recommend record recorded
    records refer reference referring regarding regards registered-here relate relative remaining remark remind remotest
    remove render repeat reply report reported reporting represent represents request requested requesting require required
    requires resolution respect respecting respond response rest result resulting results return review rhyme right ring
    riparian risk robot roger room rough roughly round row rule run runs s say saw says scan scene scheme scope scratch screen
    screenshot search see seeing seem seems seen segment segmentation segmented select send sense sensing sentence setback
    several shall share sheet short shot should show showing shown shows sight simple simply single sir site sites sitting situated
    size sized sketch small-question so some somebody somehow someone something sorry sort space spacious sparks specialist specific
    specifically specify split spot spray spread spreading spreads stand standing stands start state stated statement statistic
    statistics stats stay stays step still-there stop straight stretch stretches student study stuff subject submit subtract such
    suddenly suggest sum sums summarise summarize summary super suppose sure surely surrounding surroundings survey surveying
    surveyor system t table tally take taken takes taking talk target task teacher team tell telling tells term terms test
    text than thank thanks that the their them then there thereof these they thing things think this those though thought
    threatened thus thx tick tidy tile time-permitting to todo together told too took tool tools topic total totally touch touched
    toward towards treat true truly try trying turn typical uh uhm um unaffected under understand understanding unit units
    upon urgent us use-the user using utterly var variable verify version very via vicinity view viewing views violate violating vs wait
    wanna want wanted wants was wat waterfront way we well were what whatever whatsoever where whereas whether which while
    whole whoa will-you wise wish with within without wonder wondering word words work working works would wow write writing wrong-not
    x y yeah yep yes yet-another you your yours zero zone zones
    """.split()
)
"""Words that ask, address or report and narrow nothing by themselves."""

_PAST = re.compile(r"\b(?:was|were) (?:the|there|it|built|made)\b|\bused to\b|\bhas been\b|\bhave been\b|\bhad been\b")
_HELD = re.compile(r"\b(?:have|has|with|without|having) (?!(?:a|an|the|any|no|more|less|least|distance|area|both|either|neither|at|over|under|got|how|been|in|within|one|been|ltx|lex|gtx|gex)\b)(\w+)")


@cache
def _numbers() -> frozenset[str]:
    ordinals = ("once", "twice", "thrice", "first", "second", "third", "fourth", "fifth", "half")
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
    text = asked.text
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text)
    known = known_words() | HARMLESS | _numbers()
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
            word for word in inside if word not in known and word.removesuffix("'s") not in known and word not in topical and len(word) > 1
        ]
        if strange and telling:
            return f'the word "{strange[0]}"'
    return None
