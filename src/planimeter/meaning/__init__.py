"""What a question means, as a value of its own: records, and what may be done with them.

``records`` has one class for each kind of meaning; ``validate`` says what cannot be measured, ``emit`` writes the
program, ``reading`` says it back in words, ``combine`` joins what several scenes gave. How a meaning was found in a
sentence is the coders' business.
"""
