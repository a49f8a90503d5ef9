"""What one rule makes out of what happened: a tag, nothing, or something that cannot be known."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.github.metadata.expressions import dates, everywhere, filled_in, placed
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.flavor import Flavor
from wharf.formats.github.metadata.happened import Happened
from wharf.formats.github.metadata.javascript import replaced
from wharf.formats.github.metadata.pattern_match import Found, match_text
from wharf.formats.github.metadata.pattern_tree import PatternNotKnown, PatternRefused
from wharf.formats.github.metadata.rendering import Function, Scope
from wharf.formats.github.metadata.tag_rule import TagRule
from wharf.formats.github.metadata.template import Mustache, parse_template
from wharf.formats.github.metadata.versions import PythonVersion, SemanticVersion, python, semantic
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import HOLE, Text

_not_allowed = re.compile(rf"[^a-zA-Z0-9._\-{HOLE}]+")
_slashed = re.compile(r"/(.+)/(.*)", re.DOTALL)
_ENDS_OF_LINES: Final = frozenset("\n\r\u2028\u2029")


@dataclass(frozen=True)
class Made:
    """`brings_latest`: as far as `latest=auto` asks. `warning` is said, where nothing is made."""

    text: Text = field(default_factory=Text)
    brings_latest: bool = False
    warning: str = ""


@dataclass(frozen=True)
class Unsure:
    """It depends on a hole whether there is such a tag. `made` is what there is if there is one."""

    hole: Hole
    made: Made = field(default_factory=Made)


def sanitised(text: Text) -> Text:
    return replaced(text, _not_allowed, "-")


class Maker:
    """After a few patterns that would not come to an end, no other one is tried."""

    def __init__(self, event: Happened, flavor: Flavor) -> None:
        self._patience = 3
        self._event = event
        self._flavor = flavor
        self._everywhere = everywhere(event)

    def make(self, rule: TagRule) -> Made | Unsure:
        enable = filled_in(rule.get("enable"), self._everywhere)
        if not enable.holes and enable.flat not in {"true", "false"}:
            raise refusal(rule.get("enable") or rule.line, f"Invalid value for enable attribute: {enable.flat}")
        if enable.value == "false":
            return Made()
        if rule.type is None:
            return Unsure(rule.line.holes[0])
        made = self._made(rule)
        if not enable.holes:
            return made
        return Unsure(enable.holes[0], made if isinstance(made, Made) else made.made)

    def _made(self, rule: TagRule) -> Made | Unsure:
        makers: Mapping[str, Callable[[TagRule], Made | Unsure]] = {
            "schedule": self._schedule,
            "semver": self._semver,
            "pep440": self._pep440,
            "match": self._match,
            "ref": self._ref,
            "edge": self._edge,
            "raw": lambda rule: Made(self._dressed(filled_in(rule.get("value"), self._everywhere), rule)),
            "sha": self._sha,
        }
        assert rule.type is not None
        return makers[rule.type](rule)

    def _dressed(self, text: Text, rule: TagRule) -> Text:
        """With prefix and suffix: the rule's own, or else those of all tags."""
        prefix = rule.attributes.get("prefix", self._flavor.prefix.text)
        suffix = rule.attributes.get("suffix", self._flavor.suffix.text)
        return filled_in(prefix, self._everywhere) + text + filled_in(suffix, self._everywhere)

    def _schedule(self, rule: TagRule) -> Made:
        if not self._event.is_scheduled:
            return Made()
        return Made(self._dressed(filled_in(rule.get("pattern"), dates(self._event)), rule))

    def _sha(self, rule: TagRule) -> Made | Unsure:
        if not self._event.sha:
            return Made()
        form = rule.get("format")
        if form.holes:
            return Unsure(form.holes[0])
        sha = self._event.short_sha if form.flat == "short" else self._event.sha
        return Made(self._dressed(placed(sha, rule.line), rule))

    def _ref(self, rule: TagRule) -> Made | Unsure:
        kind = rule.get("event")
        if kind.holes:
            return Unsure(kind.holes[0])
        found = {"branch": self._event.branch, "tag": self._event.tag, "pr": self._event.pull}[kind.flat]
        if found is None:
            return Made()
        return Made(self._dressed(placed(found, rule.line), rule), kind.flat == "tag")

    def _edge(self, rule: TagRule) -> Made | Unsure:
        branch, pushed = rule.get("branch"), self._event.branch
        if pushed is None or (not branch.holes and (branch.flat or self._event.default_branch) != pushed.flat):
            return Made()
        made = Made(self._dressed(Text.known("edge", rule.line.span), rule))
        return Unsure(branch.holes[0], made) if branch.holes else made

    def _subject(self, rule: TagRule) -> Text | None:
        """The value that is given, or else the tag that was pushed."""
        value = rule.get("value")
        if value:
            return filled_in(value, self._everywhere)
        return placed(self._event.tag, rule.line) if self._event.tag is not None else None

    def _match(self, rule: TagRule) -> Made | Unsure:
        subject = self._subject(rule)
        if subject is None:
            return Made()
        pattern, group = rule.get("pattern"), rule.get("group")
        for text in (subject, pattern, group):
            if text.holes:
                return self._unsure(text.holes[0], rule, brings_latest=True)
        slashed = _slashed.fullmatch(pattern.flat)
        if slashed and _ENDS_OF_LINES.isdisjoint(pattern.flat):
            found = self._matched(slashed[1], slashed[2], subject.flat, rule)
        else:
            found = self._matched(pattern.flat, "", subject.flat, rule)
        if isinstance(found, Hole):
            return self._unsure(found, rule, brings_latest=True)
        if found is None:
            return Made(warning=f"{pattern.flat} does not match {subject.flat}.")
        if (said := _group(found, group.flat)) is None:
            return Made(warning=f"Group {group.flat} does not exist for {pattern.flat} pattern.")
        return Made(self._dressed(Text.known(said, rule.line.span), rule), brings_latest=True)

    def _unsure(self, hole: Hole, rule: TagRule, *, brings_latest: bool) -> Unsure:
        return Unsure(hole, Made(self._dressed(Text((hole,)), rule), brings_latest))

    def _version_text(self, rule: TagRule) -> Text | None:
        """What should be a version: the subject, or the first group of `match` in it."""
        subject = self._subject(rule)
        if subject is None or subject.holes:
            return subject
        may_match = self._event.release.has_match_of_versions
        pattern = rule.get("match")
        if may_match and pattern:
            if pattern.holes:
                return Text((pattern.holes[0],))
            subject = self._first_group(pattern.flat, subject, rule)
        if may_match or not rule.get("value"):
            subject = subject.mapped(lambda text: text.replace("/", "-"))
        return subject

    def _semver(self, rule: TagRule) -> Made | Unsure:
        return self._version(rule, self._of_semver, "is not a valid semver")

    def _pep440(self, rule: TagRule) -> Made | Unsure:
        return self._version(rule, self._of_pep440, "does not conform to PEP 440")

    def _version(self, rule: TagRule, make: Callable[[str, TagRule], Made | None], problem: str) -> Made | Unsure:
        text = self._version_text(rule)
        if text is None:
            return Made()
        if text.holes:
            return self._unsure(text.holes[0], rule, brings_latest=True)
        return make(text.flat, rule) or Made(warning=f"{text.flat} {problem}")

    def _of_semver(self, text: str, rule: TagRule) -> Made | None:
        version = semantic(text)
        if version is None:
            return None
        pattern = rule.get("pattern")
        if version.prerelease and not is_raw(pattern):
            pattern = Text.known("{{version}}", pattern.span)
        return Made(self._dressed(filled_in(pattern, _semantic_scope(version)), rule), not version.prerelease)

    def _of_pep440(self, text: str, rule: TagRule) -> Made | None:
        version = python(text)
        if version is None:
            return None
        pattern = rule.get("pattern")
        if version.is_final:
            return Made(self._dressed(filled_in(pattern, _python_scope(version, text)), rule), brings_latest=True)
        said = text if is_raw(pattern) else version.clean
        return Made(self._dressed(Text.known(said, pattern.span or rule.line.span), rule))

    def _matched(self, source: str, flags: str, text: str, rule: TagRule) -> Found | Hole | None:
        hole = Hole(Reason(Unknown.TOO_MUCH, f"the pattern {source[:60]}"), rule.line.span)
        if self._patience <= 0:
            return hole
        try:
            return match_text(source, flags, text)
        except PatternRefused as refused:
            raise refusal(rule.line, f"Invalid regular expression: /{source}/{flags}: {refused}") from None
        except PatternNotKnown:
            self._patience -= 1
            return hole

    def _first_group(self, pattern: str, subject: Text, rule: TagRule) -> Text:
        found = self._matched(pattern, "", subject.flat, rule)
        if isinstance(found, Hole):
            return Text((found,))
        if found is None:
            return subject
        if len(found) < 2 or found[1] is None:
            raise refusal(rule.line, "Cannot read properties of undefined (reading 'replace')")
        return Text.known(found[1], subject.span)


def is_raw(pattern: Text) -> bool:
    """Whether it is `{{raw}}` and nothing else."""
    try:
        template = parse_template(pattern)
    except MalformedFile:
        return False
    if len(template) != 1 or not isinstance(only := template[0], Mustache) or only.call.path is not only.call.name:
        return False
    path = only.call.name
    return path.parts == ("raw",)


def _semantic_scope(version: SemanticVersion) -> Scope:
    return {
        "raw": version.raw,
        "version": version.version,
        "major": version.major,
        "minor": version.minor,
        "patch": version.patch,
        "prerelease": version.prerelease,
        "build": version.build,
        "loose": True,
        "includePrerelease": False,
        "options": {},
    }


def _python_scope(version: PythonVersion, raw: str) -> Scope:
    release = [*version.release, "0", "0"]
    words = {"raw": raw, "version": version.clean, "major": release[0], "minor": release[1], "patch": release[2]}
    return {name: _constant(said) for name, said in words.items()}


def _constant(said: str) -> Function:
    return Function(lambda given: Text.known(said, given.source.span))


def _group(found: Found, group: str) -> str | None:
    is_index = group.isascii() and group.isdigit() and str(int(group[:6])) == group
    return found[int(group)] if is_index and int(group) < len(found) else None
