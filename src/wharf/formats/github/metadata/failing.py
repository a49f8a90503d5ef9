"""What makes a step fail: something that the action refuses, with the place where it is written."""

from wharf.errors import MalformedFile
from wharf.formats.span import Span
from wharf.formats.text import Text


def refusal(text: Text, problem: str) -> MalformedFile:
    span = text.span or Span.at("")
    return MalformedFile(span.file, span.line, span.column, problem)
