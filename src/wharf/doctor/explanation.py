"""A match in words: what happened, what may be behind it, and what to do, in one language and for one system."""

import shlex
from dataclasses import dataclass
from typing import Final

from wharf.doctor.facts import Expected, Known, Verdict
from wharf.doctor.ground.without_secrets import as_it_may_be_shown
from wharf.doctor.language import Language, Words
from wharf.doctor.matching import Match
from wharf.doctor.pattern import Capture, Captured
from wharf.doctor.probe import known_probes
from wharf.doctor.seen import NOTHING_SEEN, Seen, Unseen
from wharf.doctor.signature import Cause, CauseId, Patch, SignatureId, System
from wharf.errors import Diagnostics

_ORDER: Final = (Verdict.HOLDS, Verdict.OPEN, Verdict.RULED_OUT)
_POSSIBLY: Final = Words("a possible cause", "가능한 원인")
_SAY_NOTHING: Final = frozenset({"none", "unknown", "other", "not-asked", "not-told", "may-not", "absent"})
_TO_BE_CALLED: Final = "-connect {host}"
"""openssl calls another port than that of HTTPS where none is said."""
_HUB: Final = frozenset({"index.docker.io", "registry-1.docker.io", "auth.docker.io", "registry.hub.docker.com"})


@dataclass(frozen=True, slots=True)
class ExplainedCause:
    """One cause as it is told. `looks_at` says what would decide it; `evidence` is what was seen of that."""

    id: CauseId
    text: str
    verdict: Verdict
    probe: str
    looks_at: str
    fix: str
    commands: tuple[str, ...]
    patches: tuple[Patch, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A probe that could not look: what it would have looked at, and why it could not."""

    probe: str
    looks_at: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What holds comes first, then what is open in the order of likelihood, then what was ruled out."""

    signature: SignatureId
    language: Language
    title: str
    line_number: int
    line: str
    causes: tuple[ExplainedCause, ...]
    not_seen: tuple[NotSeen, ...] = ()

    @property
    def holding(self) -> tuple[ExplainedCause, ...]:
        return tuple(cause for cause in self.causes if cause.verdict is Verdict.HOLDS)

    def diagnostics(self) -> Diagnostics:
        """In the form in which every error speaks: what shows it, its best cause, and the fix in one line."""
        best = self.causes[0]
        possible = best.text if best.verdict is Verdict.HOLDS else f"{_POSSIBLY.in_(self.language)}: {best.text}"
        evidence = (*([self.line] if self.line else []), possible)
        return Diagnostics(self.title, evidence, " ".join((best.fix, "; ".join(best.commands))).strip())


def explanation(match: Match, language: Language, system: System, seen: Seen = NOTHING_SEEN) -> Explanation:
    told = [_told(cause, match.captured, language, system, seen) for cause in match.signature.causes]
    return Explanation(
        signature=match.signature.id,
        language=language,
        title=_filled(match.signature.title, match.captured, language),
        line_number=match.line_number,
        line=as_it_may_be_shown(match.line),
        causes=tuple(sorted(told, key=lambda cause: _ORDER.index(cause.verdict))),
        not_seen=tuple(_not_seen(unseen, language) for unseen in seen.unseen),
    )


def _not_seen(unseen: Unseen, language: Language) -> NotSeen:
    probe = known_probes().named(unseen.probe)
    return NotSeen(unseen.probe, probe.looks_at.in_(language) if probe else "", unseen.why.in_(language))


def _told(cause: Cause, captured: Captured, language: Language, system: System, seen: Seen) -> ExplainedCause:
    return ExplainedCause(
        id=cause.id,
        text=_filled(cause.words, captured, language),
        verdict=cause.when.verdict(seen.facts),
        probe=cause.probe.id,
        looks_at=cause.probe.looks_at.in_(language),
        fix=_filled(cause.fix.words, captured, language),
        commands=tuple(
            _command(command.text, captured, system) for command in cause.fix.commands if command.is_for(system)
        ),
        patches=tuple(Patch(patch.file, _put_in(patch.text, captured)) for patch in cause.fix.patches),
        evidence=_evidence(cause, language, seen),
    )


def _evidence(cause: Cause, language: Language, seen: Seen) -> tuple[str, ...]:
    """What is known of what the cause depends on, whichever way it speaks; plain values where nothing says more."""
    told = [words for each in cause.when.all_of for words in _told_of(each, seen)]
    if told:
        return tuple(dict.fromkeys(words.in_(language) for words in told))
    names = [name for name in dict.fromkeys(cause.when.asks_for()) if name in seen.facts.known]
    sentences = dict.fromkeys(seen.shown[name].in_(language) for name in names if name in seen.shown)
    return tuple(sentences) or tuple(
        f"{name}: {_as_text(seen.facts.known[name])}" for name in names if _says_something(seen.facts.known[name])
    )


def _says_something(known: Known) -> bool:
    """That something is not so, or not known, is told by a sentence or not at all."""
    return known is not False and known not in _SAY_NOTHING and known != frozenset()


def _told_of(expected: Expected, seen: Seen) -> list[Words]:
    """Of several words, the sentences that show those that the cause asks for."""
    known = seen.facts.known.get(expected.fact)
    words = sorted(map(str, known & expected.values)) if isinstance(known, frozenset) else []
    return [sentence for word in words for sentence in seen.told.get((expected.fact, word), ())]


def _as_text(known: Known) -> str:
    if isinstance(known, bool):
        return "yes" if known else "no"
    return ", ".join(sorted(map(str, known))) if isinstance(known, frozenset) else str(known)


def _filled(words: Words, captured: Captured, language: Language) -> str:
    return _put_in(words.in_(language), captured)


def _put_in(text: str, captured: Captured) -> str:
    for capture in Capture:
        text = text.replace(f"{{{capture.label}}}", _value(capture, captured))
    return text


def _command(text: str, captured: Captured, system: System) -> str:
    """To be pasted: what was captured from a log is quoted if it means something to the shell."""
    host = _value(Capture.HOST, captured)
    if not host.rpartition(":")[2].isdigit():
        text = text.replace(_TO_BE_CALLED, f"{_TO_BE_CALLED}:443")
    for capture in Capture:
        value = _value(capture, captured)
        text = text.replace(f"{{{capture.label}}}", _quoted(value, system))
    return text


def _value(capture: Capture, captured: Captured) -> str:
    value = captured.get(capture, capture.unknown)
    return "docker.io" if capture is Capture.HOST and value.lower() in _HUB else value


def _quoted(value: str, system: System) -> str:
    if system is not System.WINDOWS:
        home = "~/" if value.startswith("~/") else ""  # in quotes a shell would take it for a folder of that name
        return home + shlex.quote(value.removeprefix(home)) if value != home else value
    plain = value.replace("\\", "").replace(":", "")
    return value if shlex.quote(plain) == plain else "'" + value.replace("'", "''") + "'"
