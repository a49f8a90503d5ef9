"""The wording of a failure, as a template that is held against a log.

    open {path}: permission denied
    exec: "docker-credential-{helper}": … file not found

What is written is looked for as it stands, whatever its case, quotes and white space. `{path}` stands for something
that is worth knowing, of a form that is known; `…` stands for a short piece of anything. Nothing in a template can
make the search slow: each part has a length that it cannot exceed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Final, Self

from wharf.doctor.squeezed import DROPPED, Places, small, squeezed, without_colours
from wharf.errors import SettingRefused


class Capture(Enum):
    """What a template may take out of a log: its form there, what stands for it where unknown, and its longest."""

    HELPER = ("helper", r"[a-z0-9](?:[a-z0-9._-]{0,40}[a-z0-9])?", "NAME", 42)
    HOST = ("host", r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?", "REGISTRY", 258)
    PATH = ("path", r"(?:[a-z]:|[/~.$])[^:,;()\[\]{}<>]{0,300}?", "FILE", 302)
    REPOSITORY = ("repository", r"[a-z0-9](?:[a-z0-9._/-]{0,250}[a-z0-9])?", "REPOSITORY", 252)
    ACCOUNT = ("account", r"[0-9]{12}", "ACCOUNT", 12)
    NUMBER = ("number", r"[0-9]{1,12}", "N", 12)
    REFERENCE = ("reference", r"[a-z0-9](?:[a-z0-9._/:@-]{0,300}[a-z0-9])?", "IMAGE", 302)
    VARIABLE = ("variable", r"[a-z_][a-z0-9_]{0,100}", "VARIABLE", 101)
    PLATFORM = ("platform", r"[a-z0-9]{3,12}/[a-z0-9_]{2,16}(?:/v[0-9]{1,2})?", "PLATFORM", 33)
    NAME = ("name", r"[a-z0-9](?:[a-z0-9._-]{0,100}[a-z0-9])?", "NAME", 102)

    def __init__(self, label: str, form: str, unknown: str, longest: int) -> None:
        self.label = label
        self.form = form
        self.unknown = unknown
        self.longest = longest

    @classmethod
    def named(cls, label: str) -> Self | None:
        return next((capture for capture in cls if capture.label == label), None)


class Program(Enum):
    """Which program a wording is known from."""

    CLI = "docker"
    DAEMON = "dockerd"
    HELPER = "credential helper"
    BUILDKIT = "buildkit"
    CONTAINERD = "containerd"
    CONTAINERS = "podman"
    CRANE = "crane"
    KUBERNETES = "kubernetes"
    GITLAB = "gitlab"
    GITHUB = "github"
    REGISTRY = "registry"
    CLOUD = "cloud tool"
    SHELL = "shell"
    WHARF = "wharf"


class Weight(Enum):
    """How much a failure, or one wording of it, means in a log where others are found as well."""

    FAILURE = 0
    CONSEQUENCE = 1
    """It is what follows when something else has failed before."""
    REMARK = 2
    """It is worth knowing, and stops nobody."""


Captured = Mapping[Capture, str]
_SHORTEST_ANCHOR: Final = 6
_LONGEST_GAP: Final = 200
_MOST_ATTEMPTS: Final = 200
"""How often a template is tried where its anchor stands and the rest of it does not: it bounds what garbage costs."""
_NOTHING: Final[Captured] = MappingProxyType({})
_GAP: Final = "…"
_AT: Final = "at"
_wrapped = re.compile(r"\s*\n\s*")
_pieces = re.compile(r"\{(?P<capture>[a-z]+)\}|(?P<gap>…)")
_words = re.compile(rb"[a-z0-9]{2,}")
_has_a_dot = re.compile(r"(?:localhost|\S*[.:]\S*)").fullmatch
_several_words = re.compile(r"[^\s│][ \t]+[^\s│]").search
_path_alone = re.compile(r"(?:[A-Za-z]:)?[^:,;()\[\]{}<>]*").match


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern stands in a squeezed log. `at` is where its first fixed piece does, which is what is shown."""

    begin: int
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template, ready to be used. `anchor` is its longest fixed piece, small and squeezed: no match without it.

    `words` are those that stand in a text wherever the pattern does, small ones.
    """

    template: str
    said_by: frozenset[Program]
    versions: str
    weight: Weight
    anchor: bytes
    captures: frozenset[Capture]
    words: frozenset[bytes]
    _before: int
    _after: int

    @classmethod
    def parse(
        cls, template: str, said_by: frozenset[Program], versions: str = "", weight: Weight = Weight.FAILURE
    ) -> Self:
        """`versions`: of the program that says it, where the wording has changed: "until 20.10"."""
        parts = _split(template)
        fixed = [_is_fixed(part) for part in parts]
        tight = [small(squeezed(part)) if is_fixed else "" for part, is_fixed in zip(parts, fixed, strict=True)]
        anchor = max(range(len(parts)), key=lambda number: len(tight[number]), default=0)
        if not parts or len(tight[anchor]) < _SHORTEST_ANCHOR:
            raise SettingRefused(
                "text", template, "a pattern", f"without {_SHORTEST_ANCHOR} fixed characters it fits everything"
            )
        captures = [_capture(part) for part in parts if part.startswith("{")]
        if len(set(captures)) < len(captures):
            raise SettingRefused("text", template, "a pattern", "each capture stands in it once")
        lengths = [_longest(part) for part in parts]
        return cls(
            template=template,
            said_by=said_by,
            versions=versions,
            weight=weight,
            anchor=tight[anchor].encode(),
            captures=frozenset(captures),
            words=_whole_words(template),
            _before=sum(lengths[:anchor]),
            _after=sum(lengths[anchor:]),
        )

    def found_in(self, log: bytes, start: int = 0) -> Found | None:
        """The first in a squeezed log after a place in it."""
        place = log.find(self.anchor, start)
        for _ in range(_MOST_ATTEMPTS):
            found = self._around(log, place, start) if place >= 0 else None
            if place < 0 or found is not None:
                return found
            place = log.find(self.anchor, place + 1)
        return None

    def last_in(self, log: bytes) -> Found | None:
        """The last one, if the rest of the pattern stands where its anchor last does."""
        place = log.rfind(self.anchor)
        return self._around(log, place, 0) if place >= 0 else None

    def _around(self, log: bytes, place: int, start: int) -> Found | None:
        form = _forms(self.template)[1]
        found = form.search(log, max(place - self._before, start), place + self._after)
        return Found(found.start(), found.start(_AT), found.end()) if found else None

    def stands_alone(self, text: Places, begin: int, end: int) -> bool:
        """Whether it begins and ends where words do, and nothing that it captured is several words."""
        parts = _split(self.template)
        begins = not _is_fixed(parts[0]) or text.is_boundary(begin)
        ends = not _is_fixed(parts[-1]) or text.is_boundary(end)
        return begins and ends and (not self.captures or self._captures_words(text, begin))

    def _captures_words(self, text: Places, begin: int) -> bool:
        """An address at its beginning has a dot or a port, as other words have not."""
        parts, found = _split(self.template), _forms(self.template)[0].match(text.tight, begin)
        if found is None:
            return True
        if parts[0] == "{host}" and not _has_a_dot(_taken(text, found, Capture.HOST, *_neighbours(parts, 0))):
            return False
        closed = [
            part for number, part in enumerate(parts) if part[0] == "{" and True not in _neighbours(parts, number)
        ]
        whole = [_capture(part) for part in closed if part != "{path}"]
        return not any(_several_words(text.of(*found.span(capture.label))) for capture in whole)

    def captured_at(self, text: Places, position: int) -> Captured:
        """What it takes out of a text in which it was found to begin at this character of the squeezed text."""
        found = _forms(self.template)[0].match(text.tight, position)
        if found is None or not self.captures:
            return _NOTHING
        parts = _split(self.template)
        return MappingProxyType(
            {
                _capture(part): _taken(text, found, _capture(part), *_neighbours(parts, number))
                for number, part in enumerate(parts)
                if part.startswith("{")
            }
        )


@cache
def _forms(template: str) -> tuple[re.Pattern[str], re.Pattern[bytes]]:
    """Compiled when the anchor was seen: most are never needed."""
    parts = _split(template)
    first = next(number for number, part in enumerate(parts) if _is_fixed(part))
    forms = [_form_of(part) for part in parts]
    forms[first] = f"(?P<{_AT}>{forms[first]})"
    form, flags = "".join(forms), re.IGNORECASE | re.DOTALL
    return re.compile(form, flags), re.compile(form.encode(), flags)


@cache
def _split(template: str) -> tuple[str, ...]:
    """Fixed pieces, `{captures}` and gaps, in their order, without those of white space and quotes only."""
    parts: list[str] = []
    end = 0
    for piece in _pieces.finditer(template):
        parts += [template[end : piece.start()], piece[0]]
        end = piece.end()
    return tuple(part for part in [*parts, template[end:]] if squeezed(part))


def _is_fixed(part: str) -> bool:
    return not _pieces.fullmatch(part)


def _capture(part: str) -> Capture:
    capture = Capture.named(part[1:-1])
    if capture is None:
        raise SettingRefused("text", part, "a pattern", f"captures are {[each.label for each in Capture]}")
    return capture


def _form_of(part: str) -> str:
    if part == _GAP:
        return f".{{0,{_LONGEST_GAP}}}?"
    if _is_fixed(part):
        return re.escape(squeezed(part))
    return f"(?P<{_capture(part).label}>{_capture(part).form})"


def _longest(part: str) -> int:
    if part == _GAP:
        return _LONGEST_GAP
    return len(squeezed(part).encode()) if _is_fixed(part) else _capture(part).longest


def _whole_words(template: str) -> frozenset[bytes]:
    """Without those that touch a capture or a gap, which may go on there."""
    apart = re.sub(r"[A-Za-z0-9]*(?:\{[a-z]+\}|…)[A-Za-z0-9]*", " ", template)
    return frozenset(_words.findall(apart.lower().encode()))


def _neighbours(parts: tuple[str, ...], number: int) -> tuple[bool, bool]:
    """Whether nothing fixed stands before a part, and after it: then white space tells where it begins and ends."""
    before = number == 0 or parts[number - 1] == _GAP
    return before, number == len(parts) - 1 or parts[number + 1] == _GAP


def _taken(text: Places, found: re.Match[str], capture: Capture, opens: bool, closes: bool) -> str:  # noqa: FBT001
    start, end = found.span(capture.label)
    if closes and capture is Capture.PATH:
        rest = text.up_to_a_space(start, min(start + capture.longest, len(text.tight)))
        return _tidied(path[0] if (path := _path_alone(rest)) else rest, capture)
    if closes:
        return _tidied(text.up_to_a_space(start, end), capture)
    return _tidied(text.after_a_space(start, end) if opens else text.of(start, end), capture)


def _tidied(text: str, capture: Capture) -> str:
    """What was captured, without what its log had put around or into it. Only a path may hold spaces."""
    if capture is not Capture.PATH:
        return squeezed(text)
    return _wrapped.sub("", without_colours(text)).replace("\\\\", "\\").strip(DROPPED)
