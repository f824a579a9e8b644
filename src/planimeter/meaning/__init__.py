"""What a question means, as a value of its own: records, and what may be done with them.

``records`` has one class for each kind of meaning. Four files do something with every kind, and hand those
that take more lines to files that are called after both:

- ``validate`` refuses what cannot be measured: ``validate_conditions``;
- ``emit`` writes the ``program``: ``emit_judgements``, ``emit_tables``, ``emit_change``, ``emit_parts``,
  ``emit_index``, ``emit_form``; ``sets`` writes its sets of shapes, ``fates`` those of two dates,
  ``program_text`` numbers and units;
- ``reading`` says it back in words: ``reading_judgements``, ``reading_tables``, ``reading_change``,
  ``reading_parts``;
- ``combine`` joins what several scenes gave, by a ``combine_plan``: ``combine_judgements``,
  ``combine_tables``, ``combine_change``.

The rest knows one thing about meanings: units (``quantity_units``, ``units_asked``), land covers
(``covers``), two dates (``change``), the compass (``directions``), several things asked at once
(``together``), further conditions (``restrict``); ``record`` is what all are made of. How a meaning was found
in a sentence is the coders' business.
"""
