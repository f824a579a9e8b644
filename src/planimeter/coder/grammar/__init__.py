"""The built-in coder: a grammar from questions to programs, without any model."""

from __future__ import annotations

from dataclasses import replace

from planimeter.coder import Program, Request
from planimeter.errors import QuestionError


class BuiltinCoder:
    """Writes programs by grammar; the same question always gives the same program."""

    name = "builtin"

    def write(self, request: Request) -> Program:
        """The program for a request.

        Raises:
            NotUnderstood: a word or the form of the question is not known.
            NotMeasurable: the topics at hand cannot answer it.
            Both carry ``suggestions``: questions near this one that can be answered.
        """
        from planimeter.coder.grammar.doubts import widened
        from planimeter.coder.grammar.index_doubts import check_indices
        from planimeter.coder.grammar.land import land_noted
        from planimeter.coder.grammar.lexer import refuse_long
        from planimeter.coder.grammar.noted import only_the_last, surrounded, widely_read
        from planimeter.coder.grammar.open_nouns import without_quotes
        from planimeter.coder.grammar.parse import parse
        from planimeter.meaning.change import is_of_two_dates, told_apart, topics_of_both
        from planimeter.meaning.covers import among_labels, around_labels
        from planimeter.meaning.directions import placed
        from planimeter.meaning.emit import emit
        from planimeter.meaning.units_asked import apply_unit
        from planimeter.meaning.validate import validate
        from planimeter.segment.open import is_open
        from planimeter.vocabulary.index_words import in_short, index_phrases, with_index_words
        from planimeter.vocabulary.topics import records_at_hand

        refuse_long(request.text)
        records = records_at_hand(request.topics, request.brought)
        words = {record.masses for record in records}
        text = in_short(request.text)
        phrases = index_phrases(text)
        indices = any(phrase.word in words for phrase in phrases)
        try:
            if indices:
                check_indices(text)
            text = with_index_words(text) if indices else text
            parsed = parse(text, is_open(request.topics), records)
            meaning, topics = widened(placed(parsed.meaning, request.north), request.topics), request.topics
            if is_of_two_dates(meaning):
                topics = topics_of_both(meaning, topics, request.before)
                meaning = told_apart(meaning, topics, request.exclusive)
            meaning = around_labels(among_labels(meaning, topics, request.exclusive), request.exclusive)
            validate(meaning, topics, request.exclusive)
            meaning = apply_unit(meaning, parsed.unit)
        except QuestionError as error:
            for phrase in phrases:
                error.args = tuple(str(said).replace(phrase.word, phrase.said) for said in error.args)
            if not error.suggestions and not is_open(request.topics):
                from planimeter.coder.grammar.rewordings import rewordings

                error.suggestions = rewordings(
                    request.text, request.topics, records, request.exclusive, request.north
                )
            raise
        topics = tuple(request.topics)
        program = emit(
            meaning,
            topics,
            self.name,
            request.by_pixels,
            request.layered,
            area=request.area,
            metric=request.metric,
        )
        # What stands in quotation marks is a phrase for a prompter, which nobody reads here.
        own_words = without_quotes(request.text)[0] if is_open(request.topics) else request.text
        noted = (
            *widely_read(meaning),
            *surrounded(meaning),
            *land_noted(own_words, meaning, topics),
            *only_the_last(own_words, meaning),
        )
        notes = (*parsed.notes, *noted)
        return replace(program, reading=" ".join((program.reading, *notes))) if notes else program
