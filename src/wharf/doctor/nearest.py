"""Signatures that come near a text in which none is recognised. They are a place to look on, and never an answer."""

from dataclasses import dataclass

from wharf.doctor.signature import Signature


@dataclass(frozen=True, slots=True)
class Near:
    """`share`: how much of what the signature says stands in the text, from 0 to 1; `line` is where."""

    signature: Signature
    share: float
    line_number: int
    line: str
