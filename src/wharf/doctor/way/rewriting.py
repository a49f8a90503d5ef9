"""`sed -i 's|old|new|' FILE`, as far as deployments write references into files with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.formats.text import Text

_MOST_STARS: Final = 3
_LONGEST_LINE: Final = 1000
_is_simple = re.compile(r"(?:[^\\.*\[\]()+?{}|^$]|\\[./:\-]|\.\*|\.|\[\^?[^\[\]\\]+\]\*?)*").fullmatch
_part = re.compile(r"\.\*|\.|\[\^?[^\[\]\\]+\]\*?|\\[./:\-]|[^\\]")


@dataclass(frozen=True)
class Replacing:
    """`pattern`: None, where it is not understood what is replaced."""

    pattern: "re.Pattern[str] | None"
    new: Text
    everywhere: bool
    file: Text


def replacings(words: Sequence[Text]) -> Iterator[Replacing]:
    """Of a command line without its `sed`; none, if it does not write into its files."""
    given = sorted_words(words, valued("-e", "--expression", "-f", "--file"))
    if not any(name in {"-i", "--in-place"} for name, _ in given.options):
        return
    scripts = given.values("-e", "--expression")
    files = given.operands if scripts else given.operands[1:]
    for script in scripts or given.operands[:1]:
        for file in files:
            yield _replacing(script.stripped(), file)


def _replacing(script: Text, file: Text) -> Replacing:
    flat = script.flat
    parts = script.split(flat[1]) if len(flat) > 3 and flat[0] == "s" else []
    if len(parts) != 4 or parts[3].flat.strip("g"):
        return Replacing(None, Text(), everywhere=False, file=file)
    _, old, new, flags = parts
    understood = "\\" not in new.flat and "&" not in new.flat
    return Replacing(_pattern(old.flat) if understood else None, new, "g" in flags.flat, file)


def _pattern(old: str) -> "re.Pattern[str] | None":
    begins, ends = old.startswith("^"), old.endswith("$")
    core = old[1 if begins else 0 : len(old) - 1 if ends else len(old)]
    if core.count("*") > _MOST_STARS or not _is_simple(core):
        return None
    translated = "".join(part if _is_special(part) else re.escape(part.lstrip("\\")) for part in _part.findall(core))
    return re.compile(f"{'^' if begins else ''}{translated}{'$' if ends else ''}")


def _is_special(part: str) -> bool:
    return part in {".*", "."} or part.startswith("[")


def replaced(content: Text, replacing: Replacing) -> Text:
    """Every line with what is put in. A file that was changed nobody knows how is one hole."""
    assert replacing.pattern is not None
    lines = content.split("\n")
    return Text.joined((_line(line, replacing.pattern, replacing) for line in lines), "\n")


def _line(line: Text, pattern: "re.Pattern[str]", replacing: Replacing) -> Text:
    if len(line) > _LONGEST_LINE:
        return line
    parts: list[Text] = []
    at = 0
    for found in pattern.finditer(line.flat):
        parts += [line[at : found.start()], replacing.new]
        at = found.end()
        if not replacing.everywhere:
            break
    return Text.joined([*parts, line[at:]]) if parts else line
