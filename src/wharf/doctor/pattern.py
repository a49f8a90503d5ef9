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

from wharf.doctor.squeezed import DROPPED, SPACE, Places, small, squeezed, without_colours
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
_path_alone = re.compile(rf"(?:[A-Za-z]:)?[^:,;()\[\]{{}}<>{SPACE}]{{0,300}}").match


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
        if "{" not in template and _GAP not in template:
            return cls._of_text_alone(template, said_by, versions, weight)
        parts = _split(template)
        tight = [small(squeezed(part)) if _is_fixed(part) else "" for part in parts]
        anchor = max(range(len(parts)), key=lambda number: len(tight[number]), default=0)
        if not parts or len(tight[anchor]) < _SHORTEST_ANCHOR:
            raise _fits_everything(template)
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

    @classmethod
    def _of_text_alone(cls, text: str, said_by: frozenset[Program], versions: str, weight: Weight) -> Self:
        """Most are that, and the whole catalogue is read before the first one can be looked for."""
        anchor = small(squeezed(text)).encode()
        if len(anchor) < _SHORTEST_ANCHOR:
            raise _fits_everything(text)
        words = frozenset(_words.findall(text.lower().encode()))
        return cls(text, said_by, versions, weight, anchor, frozenset(), words, 0, len(anchor))

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

    def fitted(self, text: Places, position: int) -> "Fitted | None":
        """How it fits a text in which its squeezed form begins at this character, if it does.

        It begins and ends where words do, and what it captures is one word, unless that is a path.
        """
        if position >= len(text.tight):
            return None
        begin = text.to_spaced(position)
        end = begin + 2 * (self._before + self._after)
        found = _forms(self.template)[0].search(text.spaced, begin, min(end, len(text.spaced)))
        if found is None:
            return None
        fitted = Fitted(text.from_spaced(found.start()), text.from_spaced(found.end()), self._captured(text, found))
        return fitted if self._stands_alone(text, fitted) else None

    def _captured(self, text: Places, found: re.Match[str]) -> Captured:
        if not self.captures:
            return _NOTHING
        spans = {capture: found.span(capture.label) for capture in self.captures}
        if _split(self.template)[-1] == "{path}":
            spans[Capture.PATH] = _whole_path(text.spaced, spans[Capture.PATH][0])
        return MappingProxyType({capture: _tidied(text.of_spaced(*span), capture) for capture, span in spans.items()})

    def _stands_alone(self, text: Places, fitted: "Fitted") -> bool:
        """An address at its beginning has a dot or a port, as other words have not."""
        parts = _split(self.template)
        begins = not _is_fixed(parts[0]) or text.is_boundary(fitted.begin)
        ends = not _is_fixed(parts[-1]) or text.is_boundary(fitted.end)
        is_address = parts[0] != "{host}" or _has_a_dot(fitted.captured[Capture.HOST]) is not None
        return begins and ends and is_address


def _fits_everything(template: str) -> SettingRefused:
    return SettingRefused(
        "text", template, "a pattern", f"without {_SHORTEST_ANCHOR} fixed characters it fits everything"
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """Where a pattern stands in a text that was squeezed, and what it takes out of it."""

    begin: int
    end: int
    captured: Captured


@cache
def _forms(template: str) -> tuple[re.Pattern[str], re.Pattern[bytes]]:
    """For a text with its spaces marked, and for a squeezed log. Compiled when needed: most never are."""
    parts = _split(template)
    first = next(number for number, part in enumerate(parts) if _is_fixed(part))
    forms = [_form_of(part) for part in parts]
    forms[first] = f"(?P<{_AT}>{forms[first]})"
    spaced = [_spaced_form_of(part) for part in parts]
    flags = re.IGNORECASE | re.DOTALL
    return re.compile(f"{SPACE}?".join(spaced), flags), re.compile("".join(forms).encode(), flags)


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


def _spaced_form_of(part: str) -> str:
    """With a space wherever one may be: a log has them in other places than a template."""
    if part == _GAP:
        return f".{{0,{_LONGEST_GAP}}}?"
    return f"{SPACE}?".join(map(re.escape, squeezed(part))) if _is_fixed(part) else _form_of(part)


def _longest(part: str) -> int:
    if part == _GAP:
        return _LONGEST_GAP
    return len(squeezed(part).encode()) if _is_fixed(part) else _capture(part).longest


def _whole_words(template: str) -> frozenset[bytes]:
    """Without those that touch a capture or a gap, which may go on there."""
    apart = re.sub(r"[A-Za-z0-9]*(?:\{[a-z]+\}|…)[A-Za-z0-9]*", " ", template)
    return frozenset(_words.findall(apart.lower().encode()))


def _whole_path(spaced: str, start: int) -> tuple[int, int]:
    """A path at the end of a template goes on up to a space, or to what no path has."""
    found = _path_alone(spaced, start)
    return (start, found.end()) if found else (start, start + 1)


def _tidied(text: str, capture: Capture) -> str:
    """What was captured, without what its log had put around or into it. Only a path may hold spaces."""
    if capture is not Capture.PATH:
        return squeezed(text)
    return _wrapped.sub("", without_colours(text)).replace("\\\\", "\\").strip(DROPPED)
