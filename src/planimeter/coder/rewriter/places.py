"""Words that narrow what is asked in some places of a question and in others do not.

"Houses protected by a 50 m strip" says a distance, "protected houses" says which houses; "a good guess" is courtesy,
"good houses" is not. A list can only let such a word through everywhere or nowhere; here each has a rule of place.
"""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.word_lists import listed
from planimeter.vocabulary.topics import nouns

EFFECTS = listed(
    """
    adherence adversely affect affected affects benefited benefiting benefitted benefitting closed
    conformity crossed danger defend defending displace displaced displaces disrupt disrupted disrupting
    disrupts disturb disturbs eligible enclosed endanger endangered endangering endangers engulf
    engulfed engulfs equipped evacuate evacuated evacuation exposed exposing exposure fenced fencing
    flooded harms hazard hedge impacted impacting included influenced inundate inundated inundates
    isolated jeopardise jeopardised jeopardize jeopardized overflows peril perils picked precaution
    precautionary precautions protect protected protecting protection protective protects qualified
    quarantine reached restricted risk risking safe safeguard safeguards safety saved selected serve
    served serves sheltered shield shielded shielding shields spared spray sprayed spraying submerge
    submerging suffer suffers survive survives swallowed targeted targeting threat threaten threatened
    threatening threatens trigger triggering triggers unaffected undisturbed unexposed unserved
    untouched vulnerable warn
    """
)
"""What a distance does to a thing: harmless where the question gives one, never as the attribute of a thing."""

QUALITIES = listed(
    """
    abrupt accompanying accurate actionable actual admirable advanced airborne alarming amazing
    ambitious amusing analytic analytical anecdotal annoying anonymous approximate arbitrary arduous
    argumentative astonishing astounding authoritative automated automatic awesome bad balanced biased
    blunt bold brilliant calibrated candid canonical captivating careful careless casual catchy cautious
    certain charming cheerful clean-cut clear clearer clerical close-up collaborative comforting
    comparative compelling competent complete complicated comprehensive conceptual conclusive
    constructive contextual contradictory convenient convincing cool correct credible critical crucial
    cryptic cumbersome cunning cursed customary customised customized daunting decent decisive definite
    definitive demanding dependable desirable desired deterministic diagnostic didactic digital diligent
    dishonest distressing easy editable educated effortless elementary eloquent elusive embarrassing
    empathetic empirical encouraging engaging enjoyable enlightening entertaining everyday evident
    excellent exciting exemplary exhausting exhaustive exploratory expository fabulous factual faithful
    fantastic fascinating fast final finalised finalized fine flawed flexible forensic fortunate frank
    friendly frustrating fuller fundamental general generic genuine global good grand great hard helpful
    hilarious holistic honest hopeless humorous hurried illuminating illustrative imaginative impactful
    impartial imperfect inaccurate inconclusive incorrect indicative indispensable individualized
    ingenious innocent innocuous insightful inspirational inspiring instructive insurmountable
    intelligent interactive interdisciplinary interesting interim intriguing introductory intuitive
    invaluable investigative irritating iterative laborious lazy leafy literal lovely lucky magic
    managerial marvellous marvelous meaningless methodological meticulous misguided misleading mock
    momentous multidisciplinary mundane naive neat nice normal nuanced observational official optical
    overarching painful painless painstaking paradoxical peculiar pedagogical perfect personalised
    personalized persuasive pesky philosophical pictorial pioneering pivotal plausible pleasing
    pleasurable poetic poignant polite practical pragmatic preconceived prelim preliminary preparatory
    pressing printable procedural professional proper proven provisional provocative provoking puzzling
    qualitative quiet rapid real reasonable reasoned relatable relevant reliable repetitive reproducible
    rough rudimentary salient satisfactory schematic scholarly scientific searchable sensible serious
    short silly simple simpler simplest simplistic situational skilful skillful sneaky sober solid
    sophisticated spectacular speedy splendid standard stimulating straight strange strenuous stressful
    strict structured stupid subjective substantive succinct suitable superb superficial supplementary
    sweet swift tailored tangible tantalising tantalizing technical tempting thematic thoughtful
    thrilling tricky true trustworthy truthful typical ultimate unanswered unbiased unfair unique
    unreliable unstructured updated urgent useful usual valid verbal verbose vital weird whimsical witty
    wonderful wrong
    """
)
"""Adjectives: harmless before a word of reporting ("a good guess") and where a doing is judged ("good to know")."""

PEOPLE = listed(
    """
    accountant accountants acquaintance acquaintances activist activists administrator administrators
    adviser advisers advisor advisors advocate advocates agencies agent agents aide aides amateur
    amateurs ambassador ambassadors analyst analysts anthropologist anthropologists applicant apprentice
    archaeologist archaeologists architect architects artist assistants associate associates
    associations astronomer astronomers attendee attorney attorneys auditor author authorities authority
    authors banker bankers beekeeper beginner beginners beneficiaries beneficiary biologist biologists
    blogger bloggers borrower borrowers boss bosses botanist botanists boyfriend breeder breeders
    brigade broker brokers brother brothers businessman businesswoman buyer caller callers captain
    captains caregiver carer cartographer chairman chairperson chairwoman chief chiefs citizens
    classmate classmates clerk clerks client clients clinician clinicians coalition coalitions coauthor
    coauthors collaborator collaborators colleague colleagues colonel commander commentator commentators
    commission commissioner commissioners committee committees companies company competitor competitors
    comrade comrades conservationist conservationists consortium consultant consultants contractor
    contractors contributor contributors coordinator corporations correspondent correspondents council
    councils counsel counsellor counsellors counselor counselors cousin cousins coworker coworkers
    creator creators creditor creditors crew crews critic critics curator curators customer customers
    dad daughter dean defendant defendants delegate delegates delegation department deputies deputy
    designer designers detective detectives diplomat diplomats director directors distributor
    distributors doctor donor donors ecologist ecologists economist economists editor editors educator
    educators employee employer employers engineer engineers enthusiast enthusiasts entrepreneur
    entrepreneurs environmentalist environmentalists examiner executive executives executor expert
    experts facilitator facilitators farmer farmers father fathers federation federations filmmaker
    filmmakers firefighter firefighters firms follower followers forester founder founders freshman
    friend friends gentleman geographer geologist geologists girlfriend government governments governor
    governors graduate grandfather grandma grandmother grandpa grandparents helpers historian historians
    homeowners hunter husband hydrologist illustrator influencer influencers inspector inspectors
    installer instructor instructors insurer insurers intern interns interpreter interpreters
    investigator investigators investor journalist journalists judge judges juror jurors jury kid kids
    landscaper lawmaker lawmakers lawyer lawyers leader leaders leadership learner learners lecturer
    lecturers legislator legislators legislatures lender lenders liaison librarian librarians lieutenant
    linguist linguists listener listeners magistrate magistrates maker makers mam manager managers
    manufacturer manufacturers marketer marketers mathematician mathematicians mayor mediator mediators
    member members mentor mentors minister ministers ministries ministry moderator moderators mom mother
    mum municipality naturalist naturalists nephew neurologist nonprofit nonprofits novelist novelists
    novice novices observer observers officer officials organisation organisations organiser organisers
    organization organizations organizer organizers pals parent participant participants parties partner
    partners people philosopher philosophers photographer photographers physicist physicists plaintiff
    plaintiffs planner planners playwright policymaker policymakers politician politicians postdoc
    postdocs postgraduate practitioner practitioners presenter presenters president presidents prof
    professor professors programmer programmers proponent proponents prosecutor prosecutors provider
    providers psychologist psychologists publisher publishers pupil pupils ranger rangers readers
    recipient recipients recruits referee referees regulator regulators relatives reporter reporters
    representatives researcher researchers respondent respondents responder responders reviewer
    reviewers sceptic sceptics scholar scholars scientist scientists secretaries secretary senator
    senators sender shareholder shareholders sheriff sister sisters skeptic skeptics sociologist
    sociologists son sons speaker speakers specialist spokesman spokesperson spokeswoman sponsor
    sponsors spouse squad staff stakeholder stakeholders startup startups steward stewards student
    students successor successors superintendent superiors supervisor supervisors surveyor taxpayer
    teacher teachers team teammates teams technician technicians technologist technologists tester
    testers theorist theorists trainee trainees trainer trainers translator translators trustee trustees
    tutor tutors uncle undergrad undergraduate underwriter users viewers volunteer volunteers wife wives
    writer writers
    """
)
"""Persons and bodies: harmless as who asks or is told, not as those to whom a thing belongs or whom it is for."""

_REPORTING = listed(
    """
    account accuracy advice afternoon amount analysis answer answers approximation area areas assessment
    average breakdown calculation chance count counts data day deal decimal description deviation deviations
    distance distances error errors estimate estimates estimation evening example extent figure figures
    format fraction guess help idea image information integer job look luck map mean measure measurement
    measurements measuring median method metric morning night note number numbers one order overview percent
    percentage percentages picture point project proportion purposes question questions ratio reading reply
    report reports request response result results sentence share shares size statement statistic statistics
    stats sum summary surface table tally task test thing time total value values version way word words
    work
    """
)
_MEASURES = listed("area count distance extent index ndvi number percent percentage ratio share size surface")
_JUDGED = re.compile(r"(?:to|if|that|when|enough|at|with|about|job|and)")
_TOLD_BY = listed(
    "asked assigned commissioned demanded needed ordered prepared requested required sent told wanted written"
)
_BELONGING = listed("behalf department desk head member name office part request side team use")
_SUPPOSING = listed("assume assuming given if imagine only say suppose supposing when")
_DETERMINERS = listed("a an the my our your his her their this that these those some any all local city town")
_KEPT_IN = re.compile(
    r"(?:in|on|from|of) (?:the|my|our|your|that|his|her|their) (?:\w+ )?(?:list|table|inventory|register"
    r"|selection"
    r"|database|report|records?|agenda|sheet|spreadsheet|catalogue|portfolio|file|shortlist|dossier"
    r"|brochure|plan|programme"
    r"|project|scheme|article|book|study|survey|sector|department|section)\b(?! (?:area|region|site))"
)
PLACED = EFFECTS | QUALITIES | PEOPLE


@cache
def _names() -> frozenset[str]:
    return frozenset(nouns())


def thing_at(words: list[str], place: int) -> bool:
    """Whether a topic's noun begins there."""
    return any(" ".join(words[place : place + n]) in _names() for n in (1, 2, 3) if place + n <= len(words))


def thing_before(words: list[str], place: int) -> bool:
    """Whether a topic's noun ends right before that place."""
    return any(" ".join(words[place - n : place]) in _names() for n in (1, 2, 3) if n <= place)


def out_of_place(clause: str, measured: bool) -> str | None:
    """A word of a clause that narrows where it stands, or None.

    Args:
        clause: in lower case.
        measured: whether the question gives a distance or a size.

    Example:
        >>> out_of_place("the houses protected by a 50 m strip", True), out_of_place("protected houses", True)
        (None, 'protected')
        >>> out_of_place("a good guess of the forest area", False), out_of_place("the forest that is good", False)
        (None, 'good')
        >>> out_of_place("my boss needs the number of houses", False), out_of_place("the houses of my boss", False)
        (None, 'boss')
        >>> out_of_place("my boss's question is how large it is", False), out_of_place("my boss's houses", False)
        (None, "boss's")
    """
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d[\d.,]*", clause)
    for place, word in enumerate(words):
        if word in PLACED and _narrows(word, words, place, measured):
            return word
        if word.endswith("'s") and word[:-2] in PLACED and _owns(words, place):
            return word
        if thing_before(words, place) and (kept := _KEPT_IN.match(" ".join(words[place:]))):
            return kept.group().split()[-1]
        if word in ("value", "values") and _of_thing(words, place):
            return word
    return None


def _owns(words: list[str], place: int) -> bool:
    """Whether what belongs to somebody is a thing: "the mayor's houses", "the mayor's own three houses"."""
    return any(thing_at(words, at) for at in range(place + 1, min(place + 4, len(words))))


def _of_thing(words: list[str], place: int) -> bool:
    """Whether a value is a thing's own, a price, and not that of a measure."""
    if (place and words[place - 1] in _MEASURES) or words[place + 1 : place + 2] != ["of"]:
        return False
    at = place + 2
    while at < len(words) and words[at] in ("the", "all", "a", "each", "every", "this"):
        at += 1
    return thing_at(words, at)


def _narrows(word: str, words: list[str], place: int, measured: bool) -> bool:
    if thing_at(words, place):
        return False  # "exposed soil" is a cover
    if thing_at(words, place + 1):
        return True
    if word in EFFECTS:
        return not measured or _is_state(words, place)
    if word in QUALITIES:
        return not _judges(words, place)
    return _concerns_people(words, place)


def _is_state(words: list[str], place: int) -> bool:
    """Whether a word ends a clause as what a thing is: "houses within 50 m of water that are protected"."""
    before = words[:place]
    if place + 1 < len(words) or place == 0 or not any(word[0].isdigit() for word in before):
        return False
    if _SUPPOSING & set(before):
        return False  # "if all within 50 m are affected" says what is affected
    return words[place - 1] in ("is", "are") or thing_before(words, place)


def _judges(words: list[str], place: int) -> bool:
    """Whether an adjective is of a report or of a doing."""
    following = words[place + 1 : place + 3]
    if any(word in _REPORTING for word in following[:1]):
        return True
    if len(following) > 1 and following[0] in QUALITIES | {"enough", "single"} and following[1] in _REPORTING:
        return True
    before = words[max(0, place - 4) : place]
    about = {"it", "it's", "that's", "this", "be", "very", "not", "how"} & set(before) or not before
    of_thing = any(thing_at(before, n) for n in range(len(before)))
    return bool(about) and not of_thing and bool(following) and bool(_JUDGED.fullmatch(following[0]))


def _concerns_people(words: list[str], place: int) -> bool:
    """Whether persons stand where they say whose or for whom a thing is."""
    at = place - 1
    while at >= 0 and words[at] in _DETERMINERS | PEOPLE:
        at -= 1
    if at < 0:
        return False
    bare = at == place - 1
    word, before = words[at], words[at - 1] if at else ""
    thing = thing_before(words, at)
    if word == "by":
        return before not in _TOLD_BY
    if word == "of":
        return before not in _BELONGING
    if word == "for":
        return thing and (bare or words[place].endswith("s"))
    if word in ("with", "from", "to", "have", "has", "contain", "contains"):
        return (
            thing or words[place] == "people" or before in ("distance", "far", "away", "close", "m", "metres")
        )
    if word in ("at", "near", "where", "which", "no", "many"):
        return True
    return thing_before(words, at + 1)
