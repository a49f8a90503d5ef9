"""The reference as a person reads it in a line: the whole word, of which a finding may know one character only.

Of `${IMAGE_NAME}:${IMAGE_TAG}`, nothing but the colon is written there; what stands around it comes from elsewhere.
"""

import re

from wharf.doctor.checkout import Checkout
from wharf.doctor.cures.lines import line_at, part_of
from wharf.formats.span import Span

_word = re.compile(r"(?:\$\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\)|[^\s\"'`,;|&<>(){}\[\]])+")
_assigned = re.compile(r"[A-Za-z_]\w*=").match


def whole_word(checkout: Checkout, span: Span) -> Span:
    """The span itself, where it is wider than a word."""
    start, end = span.column - 1, span.end_column - 1
    if span.line != span.end_line:
        return span
    for word in _word.finditer(line_at(checkout, span)):
        if word.start() <= start < word.end() and end <= word.end():
            named = _assigned(word[0])
            first = word.start() + (named.end() if named is not None else 0)
            return part_of(span, min(first, start), word.end())
    return span
