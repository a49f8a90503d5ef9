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
from types import MappingProxyType
from typing import Final, Self

from wharf.doctor.squeezed import DROPPED, Places, small, squeezed, without_colours
from wharf.errors import SettingRefused


class Capture(Enum):
    """What a template may take out of a log, with the form that it has there, and what stands for it where unknown."""

    HELPER = ("helper", r"[a-z0-9](?:[a-z0-9._-]{0,40}[a-z0-9])?", "NAME")
    HOST = ("host", r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?", "REGISTRY")
    PATH = ("path", r"(?:[a-z]:|[/~.$])[^:,;()\[\]{}<>]{0,300}?", "FILE")
    REPOSITORY = ("repository", r"[a-z0-9](?:[a-z0-9._/-]{0,250}[a-z0-9])?", "REPOSITORY")
    ACCOUNT = ("account", r"[0-9]{12}", "ACCOUNT")
    NUMBER = ("number", r"[0-9]{1,12}", "N")
    REFERENCE = ("reference", r"[a-z0-9](?:[a-z0-9._/:@-]{0,300}[a-z0-9])?", "IMAGE")
    VARIABLE = ("variable", r"[a-z_][a-z0-9_]{0,100}", "VARIABLE")
    PLATFORM = ("platform", r"[a-z0-9]{3,12}/[a-z0-9_]{2,16}(?:/v[0-9]{1,2})?", "PLATFORM")
    NAME = ("name", r"[a-z0-9](?:[a-z0-9._-]{0,100}[a-z0-9])?", "NAME")

    def __init__(self, label: str, form: str, unknown: str) -> None:
        self.label = label
        self.form = form
        self.unknown = unknown

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
_LONGEST_TEMPLATE: Final = 800
_MOST_ATTEMPTS: Final = 1000
"""How often a template is tried where its anchor stands and the rest of it does not: it bounds what garbage costs."""
_NOTHING: Final[Captured] = MappingProxyType({})
_GAP: Final = "…"
_wrapped = re.compile(r"\s*\n\s*")
_pieces = re.compile(r"\{(?P<capture>[a-z]+)\}|(?P<gap>…)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template, ready to be used. `anchor` is its longest fixed piece, small and squeezed: no match without it."""

    template: str
    said_by: frozenset[Program]
    versions: str
    weight: Weight
    anchor: str
    captures: frozenset[Capture]
    _form: re.Pattern[str]
    _log_form: re.Pattern[bytes]

    @classmethod
    def parse(
        cls, template: str, said_by: frozenset[Program], versions: str = "", weight: Weight = Weight.FAILURE
    ) -> Self:
        """`versions`: of the program that says it, where the wording has changed: "until 20.10"."""
        form = "".join(_form_of(piece) for piece in _split(template))
        fixed = [squeezed(piece) for piece in _split(template) if not _pieces.fullmatch(piece)]
        anchor = small(max(fixed, key=len, default=""))
        if len(anchor) < _SHORTEST_ANCHOR:
            raise SettingRefused(
                "text", template, "a pattern", f"without {_SHORTEST_ANCHOR} fixed characters it fits everything"
            )
        captures = [Capture.named(piece[1:-1]) for piece in _split(template) if piece.startswith("{")]
        known = frozenset(capture for capture in captures if capture is not None)
        if len(known) < len(captures):
            raise SettingRefused("text", template, "a pattern", "each capture stands in it once")
        flags = re.IGNORECASE | re.DOTALL
        forms = re.compile(form, flags), re.compile(form.encode(), flags)
        return cls(template, said_by, versions, weight, anchor, known, *forms)

    def first_in(self, log: bytes, start: int = 0) -> int | None:
        """Where it begins in a squeezed log."""
        anchor = self.anchor.encode()
        for _ in range(_MOST_ATTEMPTS):
            place = log.find(anchor, start)
            if place < 0:
                return None
            found = self._log_form.search(log, max(place - _LONGEST_TEMPLATE, 0), place + _LONGEST_TEMPLATE)
            if found is not None:
                return found.start()
            start = place + 1
        return None

    def captured_at(self, text: Places, position: int) -> Captured:
        """What it takes out of a text in which it was found to begin at this character of the squeezed text."""
        found = self._form.match(text.tight, position)
        if found is None:
            return _NOTHING
        spans = {capture: found.span(capture.label) for capture in self.captures}
        return MappingProxyType({capture: _tidied(text.of(*span), capture) for capture, span in spans.items()})


def _split(template: str) -> list[str]:
    """Fixed pieces, `{captures}` and gaps, in their order."""
    parts: list[str] = []
    end = 0
    for piece in _pieces.finditer(template):
        parts += [template[end : piece.start()], piece[0]]
        end = piece.end()
    return [part for part in [*parts, template[end:]] if part]


def _form_of(piece: str) -> str:
    if piece == _GAP:
        return f".{{0,{_LONGEST_GAP}}}?"
    if not _pieces.fullmatch(piece):
        return re.escape(squeezed(piece))
    capture = Capture.named(piece[1:-1])
    if capture is None:
        raise SettingRefused("text", piece, "a pattern", f"captures are {[each.label for each in Capture]}")
    return f"(?P<{capture.label}>{capture.form})"


def _tidied(text: str, capture: Capture) -> str:
    """What was captured, without what its log had put around or into it. Only a path may hold spaces."""
    if capture is not Capture.PATH:
        return squeezed(text)
    return _wrapped.sub("", without_colours(text)).replace("\\\\", "\\").strip(DROPPED)
