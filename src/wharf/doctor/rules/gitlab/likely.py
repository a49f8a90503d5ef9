"""The name that was probably meant, where one is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

from wharf.doctor.finding import Edit, Fix
from wharf.doctor.language import Words
from wharf.formats.span import Span


def meant(name: str, among: Iterable[str], span: Span) -> tuple[Fix, ...]:
    found = get_close_matches(name, sorted(among), n=1, cutoff=0.7)
    if not found or span.width is None:
        return ()
    edits = (Edit(span, found[0]),) if span.width == len(name) else ()
    return (Fix(Words(f"Write {found[0]}.", f"{found[0]}(으)로 고치세요."), edits),)
