"""The rewriter with a model that says what it is told to, and with the one that ships."""

import pytest

from planimeter.coder import Request, builtin_coder
from planimeter.coder.find import find_coder
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.model import CARD, Writing
from planimeter.coder.rewriter.rewriter import SAMPLES, Certainty, Rewriter
from planimeter.errors import NotMeasurable, NotUnderstood

TOPICS = ("urban", "forest", "agric", "grass", "barren", "water", "solar", "roof", "road", "vegetation")


class Told:
    """A model that writes the given sentences in turn."""

    def __init__(self, *texts, backward=-2.0):
        self.texts, self.likely, self.asked = texts, backward, []

    def samples(self, text, count, temperature, seed=0):
        self.asked.append(text)
        return [Writing(self.texts[n % len(self.texts)], 0.9, -0.1) for n in range(count)]

    def backward(self, plain, wording):
        return self.likely


def write(question, *texts, certainty=None, **named):
    return Rewriter(builtin_coder(), Told(*texts, **named), certainty).write(Request(question, TOPICS, 0.5))


def test_what_the_grammar_follows_never_reaches_the_model():
    model = Told("the number of water regions")
    program = Rewriter(builtin_coder(), model).write(Request("How many houses are there?", TOPICS, 0.5))
    assert program.coder == "builtin"
    assert not model.asked


def test_what_it_does_not_follow_is_said_plainly_and_shown():
    program = write(
        "keep a 50 m forest buffer and how many homes would stay outside",
        "the number of buildings more than 50 m from forest",
    )
    plain = builtin_coder().write(Request("the number of buildings more than 50 m from forest", TOPICS, 0.5))
    assert program.text == plain.text
    assert program.coder == "rewriter"
    assert program.reading.startswith('Understood as: "the number of buildings more than 50 m from forest".')
    assert program.writing["understood_as"] == "the number of buildings more than 50 m from forest"


@pytest.mark.parametrize(
    "texts",
    [
        ("the number of buildings within 50 m of forest",),  # the other side
        ("the number of buildings more than 50 m from water",),  # another topic
        ("the number of buildings more than 60 m from forest",),  # another number
        ("not measurable",),
        ("a sentence nobody reads",),
    ],
)
def test_what_says_something_else_is_refused(texts):
    with pytest.raises(NotUnderstood):
        write("keep a 50 m forest buffer and how many homes would stay outside", *texts)


def test_samples_have_to_agree():
    question = "keep a 50 m forest buffer and how many homes would stay outside"
    right, other = "the number of buildings more than 50 m from forest", "the number of buildings"
    texts = [right, *[f"{other} within {n} m of water" for n in range(1, SAMPLES)]]
    with pytest.raises(NotUnderstood):
        write(question, *texts, certainty=Certainty(agreeing=0.5))
    assert write(question, *texts, certainty=Certainty(agreeing=0.1)).coder == "rewriter"


def test_an_unlikely_way_back_is_refused_and_offered():
    with pytest.raises(NotUnderstood) as caught:
        write(
            "keep a 50 m forest buffer and how many homes would stay outside",
            "the number of buildings more than 50 m from forest",
            backward=-20.0,
        )
    assert caught.value.suggestions[0] == "How many buildings are there more than 50 m from forest?"


@pytest.mark.parametrize(
    "question",
    [
        "so um, how many wooden houses are there",
        "ok cool, who owns the lake then",
        "hmm, how many houses were there in 1990",
    ],
)
def test_what_no_map_shows_is_refused_whatever_the_model_says(question):
    model = Told("the number of buildings")
    with pytest.raises((NotUnderstood, NotMeasurable)):
        Rewriter(builtin_coder(), model).write(Request(question, TOPICS, 0.5))


BEHIND_A_GATE = "um, how many thatched houses lie within 50 m of water"


def test_what_is_refused_offers_what_the_model_takes_it_for():
    with pytest.raises(NotUnderstood) as caught:
        write(BEHIND_A_GATE, "the number of buildings within 50 m of water")
    assert caught.value.suggestions[0] == "How many buildings are there within 50 m of water?"
    assert len(caught.value.suggestions) == len(set(caught.value.suggestions)) <= 3


def test_what_names_another_topic_is_not_offered_first():
    with pytest.raises(NotUnderstood) as caught:
        write(BEHIND_A_GATE, "the number of buildings within 50 m of forest")
    assert caught.value.suggestions[1] == "How many buildings are there within 50 m of forest?"


@pytest.mark.parametrize(
    "texts",
    [
        ("a sentence nobody reads",),
        ("the number of buildings within 50 m of water", "not measurable"),  # as often the one as the other
        tuple(f"the number of buildings within {n} m of water" for n in range(SAMPLES)),  # each another
    ],
)
def test_no_guess_of_the_model_is_offered(texts):
    with pytest.raises(NotUnderstood) as told:
        write(BEHIND_A_GATE, *texts)
    with pytest.raises(NotUnderstood) as alone:
        builtin_coder().write(Request(BEHIND_A_GATE, TOPICS, 0.5))
    assert told.value.suggestions == alone.value.suggestions


def test_a_deliberate_refusal_of_the_grammar_stands():
    model = Told("the number of buildings within 50 m of water")
    with pytest.raises(NotUnderstood, match="every lake"):
        Rewriter(builtin_coder(), model).write(
            Request("How many houses are within 50 m of every lake?", TOPICS, 0.5)
        )
    assert not model.asked


def test_the_grammar_alone_is_still_there():
    assert find_coder("builtin").name == "builtin"
    assert find_coder("rewriter").name == "rewriter"


SHIPPED = [
    ("ok cool, now tell me what percent is trees", "the percentage of the image covered by forest"),
    (
        "hey so um how many houses would a 40 m strip along the water hit?",
        "the number of buildings within 40 m of water",
    ),
    ("houses bigger as 150 m2, how many are they?", "the number of buildings larger than 150 m2"),
]


@pytest.mark.skipif(not CARD.exists(), reason="no weights are shipped")
@pytest.mark.parametrize(("question", "plain"), SHIPPED)
def test_the_shipped_model_says_it_plainly(question, plain):
    program = find_coder("rewriter").write(Request(question, TOPICS, 0.5))
    assert program.text == builtin_coder().write(Request(plain, TOPICS, 0.5)).text


BUFFER = "keep a 50 m forest buffer and how many homes would stay outside"
OUTSIDE = "the number of buildings more than 50 m from forest"


def test_strange_words_are_said_and_need_all_samples():
    question = "keep a gizmological 50 m forest buffer and how many homes would stay outside"
    program = write(question, OUTSIDE)
    assert program.coder == "rewriter"
    assert '"gizmological" was taken to narrow nothing.' in program.reading
    with pytest.raises(NotUnderstood):
        write(question, OUTSIDE, "the number of buildings")
    assert write(BUFFER, OUTSIDE, "the number of buildings").coder == "rewriter"


@pytest.mark.parametrize(
    "behind",
    [
        "Then halve it",
        "Answer in dozens",
        "Wells also",
        "Perimeters please",
        "Show it as a fraction",
        "Fully please",
        "As seen in March",
        "And how tall",
    ],
)
def test_what_is_said_behind_a_question_is_talk_or_refused(behind):
    assert write(f"{BUFFER}?", OUTSIDE).coder == "rewriter"
    with pytest.raises(NotUnderstood):
        write(f"{BUFFER}? {behind}", OUTSIDE)


@pytest.mark.parametrize("behind", ["Thanks, Rob", "Cheers", "Thx", "Many thanks!", "Maria Perez"])
def test_thanks_and_names_behind_a_question_are_talk(behind):
    assert write(f"{BUFFER}? {behind}", OUTSIDE).coder == "rewriter"


@pytest.mark.parametrize(
    "question",
    [
        f"for the mayor's speech, {BUFFER}",
        f"page 3 of the booklet: {BUFFER}",
        f"ticket 4471, reopened: {BUFFER}",
    ],
)
def test_owners_and_numbers_of_other_things_are_talk(question):
    assert write(question, OUTSIDE).coder == "rewriter"


@pytest.mark.parametrize(
    "question",
    [
        "keep a 50 m forest buffer and how many of the mayor's homes would stay outside",
        f"{BUFFER} in the mayor's parish",
        f"{BUFFER} in lot 3",
        f"everyone but us: {BUFFER}",
        f"{BUFFER}, tents too",
    ],
)
def test_owners_and_numbers_that_narrow_are_refused(question):
    with pytest.raises(NotUnderstood):
        write(question, OUTSIDE)


@pytest.mark.parametrize("behind", ["A" * 900 + "!x", "Ab " * 300 + "9", "(a) " * 240, "are there we " * 70])
def test_long_text_behind_a_question_does_not_hang(behind):
    assert heard(f"How many houses are there? {behind}"[:1000]).text
