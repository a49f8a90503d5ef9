"""What goes and what stays, of all the versions of one repository, with the reason for each in a sentence.

First is asked what stays for its own sake: what was pushed within the last hour, whose tag is immutable, or what a rule
keeps. Then all stays that belongs to it: the images that an index lists, and what speaks about an image. The rest goes.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from wharf.metadata.records import HeldVersion, Moment, RuleId
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag
from wharf.registry.services.clock import ago, before
from wharf.registry.services.fallback import subject_of_fallback_tag
from wharf.registry.services.rules.terms import Immutable, Retention, in_words, is_given_by_people

SPARED_SECONDS: Final = 3600
_DAY: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Decision:
    version: HeldVersion
    stays: bool
    why: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision depends on. `first_day`: since when pulls are counted, in days from 1970."""

    name: RepositoryName
    retention: Mapping[RuleId, Retention]
    immutable: Mapping[RuleId, Immutable]
    now: Moment
    first_day: int | None = None


def decide(versions: Sequence[HeldVersion], situation: Situation) -> list[Decision]:
    """One decision for each version. What goes comes in an order in which nothing loses a part before it goes."""
    rules = {rule: terms for rule, terms in situation.retention.items() if terms.concerns(situation.name)}
    if not rules:
        return [Decision(version, stays=True, why="no rule is about its repository") for version in versions]
    family = _Family.of(versions)
    kept = _spread(family, _kept_for_themselves(family, situation, rules))
    staying = [
        Decision(version, stays=True, why=kept[version.digest]) for version in versions if version.digest in kept
    ]
    going = (family.versions[digest] for digest in _wholes_first(family) if digest not in kept)
    return [
        *staying,
        *(Decision(version, stays=False, why=family.why_it_goes(version, situation)) for version in going),
    ]


def some_of(going: Sequence[Decision], enough: int) -> list[Decision]:
    """As many as are enough, in the same order; what belongs together is together in them, or not in them at all."""
    held = {decision.version.digest: decision.version for decision in going}
    near: defaultdict[Digest, set[Digest]] = defaultdict(set)
    for digest, version in held.items():
        for named in _names_in(version) & held.keys():
            near[digest].add(named)
            near[named].add(digest)
    chosen: set[Digest] = set()
    for digest in held:
        if len(chosen) >= enough:
            break
        _reach(near, digest, chosen)
    return [decision for decision in going if decision.version.digest in chosen]


def _reach(near: Mapping[Digest, set[Digest]], start: Digest, chosen: set[Digest]) -> None:
    waiting = [start]
    while waiting:
        digest = waiting.pop()
        if digest not in chosen:
            chosen.add(digest)
            waiting.extend(near.get(digest, ()))


@dataclass(frozen=True, slots=True)
class _Family:
    """Who belongs to whom. What speaks about an image is as much a part of it as what its index lists."""

    versions: Mapping[Digest, HeldVersion]
    wholes: Mapping[Digest, list[Digest]] = field(default_factory=lambda: defaultdict(list))
    subjects: Mapping[Digest, Digest] = field(default_factory=dict)
    speakers: Mapping[Digest, list[Digest]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, versions: Iterable[HeldVersion]) -> "_Family":
        held = {version.digest: version for version in versions}
        wholes: defaultdict[Digest, list[Digest]] = defaultdict(list)
        speakers: defaultdict[Digest, list[Digest]] = defaultdict(list)
        subjects = {digest: subject for digest, version in held.items() if (subject := _spoken_about(version, held))}
        for version in held.values():
            for child in version.children:
                if child in held and child != version.digest:
                    wholes[child].append(version.digest)
        for speaker, subject in subjects.items():
            speakers[subject].append(speaker)
        return cls(held, wholes, subjects, speakers)

    def stands_alone(self, version: HeldVersion) -> bool:
        """It is no part of something else; or people gave it a name nevertheless."""
        if names_of(version):
            return True
        return version.digest not in self.subjects and not self.wholes.get(version.digest)

    def belonging_to(self, digest: Digest) -> Iterator[tuple[Digest, str]]:
        for child in self.versions[digest].children:
            if child in self.versions:
                yield child, f"it is a part of {_short(digest)}, which stays"
        for speaker in self.speakers.get(digest, ()):
            yield speaker, f"it speaks about {_short(digest)}, which stays"

    def last_pull(self, version: HeldVersion) -> Moment | None:
        """Of it, or of one of its parts: whoever asks for those by digest uses it, too."""
        parts = (self.versions[child] for child in version.children if child in self.versions)
        pulls = [each.pulled_at for each in (version, *parts) if each.pulled_at is not None]
        return max(pulls, default=None)

    def why_it_goes(self, version: HeldVersion, situation: Situation) -> str:
        if wholes := self.wholes.get(version.digest):
            return f"it is a part of {_short(wholes[0])}, which goes"
        if version.digest in self.subjects:
            return f"it speaks about {_short(self.subjects[version.digest])}, which goes"
        pull = self.last_pull(version)
        pulled = "never pulled" if pull is None else f"last pulled {ago(pull, situation.now)}"
        return f"no rule keeps it: pushed {ago(version.pushed_at, situation.now)}, {pulled}"


def names_of(version: HeldVersion) -> list[Tag]:
    """The tags that people gave it."""
    return [tag for tag in version.tags if is_given_by_people(tag)]


def _spoken_about(version: HeldVersion, held: Mapping[Digest, HeldVersion]) -> Digest | None:
    """What it speaks about, if that is here: by its own word, or as the list that a client keeps under such a tag."""
    said = (version.subject, *(_subject_in(tag) for tag in version.tags))
    return next((subject for subject in said if subject in held and subject != version.digest), None)


def _subject_in(tag: Tag) -> Digest | None:
    """Signatures stand under the same tag with a word behind it: `sha256-<hex>.sig`."""
    return None if is_given_by_people(tag) else subject_of_fallback_tag(Tag(str(tag).partition(".")[0]))


def _kept_for_themselves(
    family: _Family, situation: Situation, rules: Mapping[RuleId, Retention]
) -> Iterator[tuple[Digest, str]]:
    spared_since = before(situation.now, SPARED_SECONDS)
    for version in family.versions.values():
        if version.pushed_at > spared_since:
            yield version.digest, "it was pushed within the last hour"
        if (held := _immutable_tag(version, situation)) is not None:
            yield version.digest, held
    for rule, terms in rules.items():
        judged = [each for each in family.versions.values() if _is_judged(family, each, terms)]
        yield from _newest(judged, rule, terms)
        for version in judged:
            yield from ((version.digest, why) for why in _kept_by(family, version, rule, terms, situation))


def _is_judged(family: _Family, version: HeldVersion, terms: Retention) -> bool:
    return family.stands_alone(version) and terms.judges(names_of(version))


def _immutable_tag(version: HeldVersion, situation: Situation) -> str | None:
    for rule, terms in situation.immutable.items():
        for tag in version.tags:
            if terms.holds(situation.name, tag):
                return f"its tag {tag} is immutable, by rule {rule}"
    return None


def _newest(judged: Sequence[HeldVersion], rule: RuleId, terms: Retention) -> Iterator[tuple[Digest, str]]:
    if terms.keep_newest is not None:
        newest = sorted(judged, key=lambda version: (version.pushed_at, str(version.digest)), reverse=True)
        for version in newest[: terms.keep_newest]:
            yield version.digest, f"it is one of the newest {terms.keep_newest}, which rule {rule} keeps"


def _kept_by(
    family: _Family, version: HeldVersion, rule: RuleId, terms: Retention, situation: Situation
) -> Iterator[str]:
    now = situation.now
    if (tag := terms.tag_kept(names_of(version))) is not None:
        yield f"it has the tag {tag}, which rule {rule} keeps"
    if terms.keep_younger_than is not None and version.pushed_at > before(now, terms.keep_younger_than):
        kept = f"keeps for {in_words(terms.keep_younger_than)}"
        yield f"it was pushed {ago(version.pushed_at, now)}, and rule {rule} {kept}"
    if terms.keep_pulled_within is not None:
        yield from _kept_for_pulls(family.last_pull(version), version, rule, terms.keep_pulled_within, situation)


def _kept_for_pulls(
    pull: Moment | None, version: HeldVersion, rule: RuleId, within: int, situation: Situation
) -> Iterator[str]:
    """Where pulls were not counted for as long as the rule looks back, nobody knows that there was none."""
    limit = before(situation.now, within)
    kept = f"rule {rule} keeps for {in_words(within)} after that"
    if pull is not None and pull > limit:
        yield f"it was pulled {ago(pull, situation.now)}, and {kept}"
    elif not _was_counted_since(max(limit, version.pushed_at), situation.first_day):
        yield f"pulls are not counted for long enough to know when it was pulled, and {kept}"


def _was_counted_since(moment: Moment, first_day: int | None) -> bool:
    return first_day is not None and first_day * _DAY <= moment


def _spread(family: _Family, first: Iterable[tuple[Digest, str]]) -> dict[Digest, str]:
    """The first reason counts."""
    kept: dict[Digest, str] = {}
    waiting = deque(first)
    while waiting:
        digest, why = waiting.popleft()
        if digest not in kept:
            kept[digest] = why
            waiting.extend(family.belonging_to(digest))
    return kept


def _wholes_first(family: _Family) -> list[Digest]:
    """Each before all that its own bytes name, its parts and what it speaks about: these cannot run in circles."""
    ordered: dict[Digest, None] = {}
    entered: set[Digest] = set()
    waiting = sorted(family.versions, key=str)
    while waiting:
        digest = waiting[-1]
        named = [] if digest in entered else [each for each in _named(family, digest) if each not in entered]
        entered.add(digest)
        waiting.extend(named)
        if not named:
            ordered.setdefault(waiting.pop())
    return list(reversed(ordered))


def _named(family: _Family, digest: Digest) -> list[Digest]:
    return sorted(_names_in(family.versions[digest]) & family.versions.keys(), key=str)


def _names_in(version: HeldVersion) -> set[Digest]:
    """What its own bytes name: its parts, and what it speaks about."""
    return {*version.children, *([version.subject] if version.subject else [])}


def _short(digest: Digest) -> str:
    return f"{digest.algorithm}:{digest.hex[:12]}"
