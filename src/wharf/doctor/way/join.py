"""The join: what is pushed under each reference that is asked for, what the registry holds, or what is nearest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from wharf.doctor.way.doing import Done
from wharf.doctor.way.holdings import HeldRepository, Holdings
from wharf.doctor.way.image_name import ImageName, image_name
from wharf.doctor.way.likeness import Likeness, likeness, likeness_of_names
from wharf.doctor.way.nearness import SAME_COMMIT, commit_in, near, near_held
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.way import Answer, Fate, Gap, Near
from wharf.formats.event import Event
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Certainty

_MAY_PUSH: Final = frozenset({Unknown.REMOTE, Unknown.COMMAND})
_NEEDS_OWNER: Final = frozenset({"ghcr.io"})
"""Registries where no repository has a name of one segment."""
_MOST_BESIDE: Final = 500


@dataclass(frozen=True)
class Join:
    """All that is pushed because of anything. `may_be_more`: somebody may push who is not understood."""

    pushed: tuple[Pushed, ...]
    holdings: Holdings | None = None
    may_be_more: bool = False
    _names: dict[str, list[tuple[Pushed, ImageName]]] = field(init=False, default_factory=dict)
    _tags: dict[str, list[Pushed]] = field(init=False, default_factory=dict)
    """What is pushed under each tag, in any repository."""

    def __post_init__(self) -> None:
        for each in self.pushed:
            name = name_of(each)
            key = name.repository.flat if not name.repository.holes else ""
            self._names.setdefault(key, []).append((each, name))
            if name.tag is not None:
                self._tags.setdefault(name.tag.flat, []).append(each)

    def answer(self, asked: Asked, event: Event, supposed: Sequence[Pushed] = ()) -> Answer:
        """`supposed`: what would be pushed if something else happened."""
        name = image_name(asked.reference)
        known = [*self._of(name), *((each, name_of(each)) for each in supposed)]
        met = [(each, likeness_of_names(pushed, name)) for each, pushed in known]
        by = tuple(each for each, like in met if like is Likeness.YES)
        fate = Fate.PUSHED if by else Fate.PERHAPS if any(like is Likeness.PERHAPS for _, like in met) else None
        if fate is None:
            return self._missed(asked, name, event, supposed)
        return Answer(asked, self._looked_up(fate, name), event, by)

    def _of(self, name: ImageName) -> Iterator[tuple[Pushed, ImageName]]:
        if name.repository.holes:
            yield from (pair for pairs in self._names.values() for pair in pairs)
            return
        yield from self._names.get(name.repository.flat, ())
        yield from self._names.get("", ())

    def _beside(self, name: ImageName) -> Iterator[Pushed]:
        """What may be near: all in the same repository, and the same tag in others, as far as anybody would look."""
        key = "" if name.repository.holes else name.repository.flat
        yield from (each for each, _ in self._names.get(key, ())[:_MOST_BESIDE])
        yield from self._tags.get(name.tag.flat if name.tag is not None else "", ())[:_MOST_BESIDE]

    def _missed(self, asked: Asked, name: ImageName, event: Event, supposed: Sequence[Pushed]) -> Answer:
        if not name.has_valid_tag or not (name.is_complete or self._differs_in_its_tag(name)):
            return Answer(asked, Fate.PERHAPS, event)
        held = self._held(name)
        if held is not None and name.tag is not None and name.tag.flat in held.tags:
            return Answer(asked, Fate.HELD, event)
        nearest = near(name, (*supposed, *self._beside(name)), event.sha)
        if held is not None:
            both = (*nearest, *near_held(name, held, event.sha))
            nearest = tuple(sorted(both, key=lambda one: one.gap is Gap.OTHER))
        is_own = self._is_own(name)
        if not is_own and not self._is_meant_to_be_own(name, nearest, event):
            return Answer(asked, Fate.FOREIGN, event)
        is_plain = any(_is_plain(one, event) for one in nearest)
        fate = Fate.PERHAPS if self.may_be_more and not is_plain and held is None else Fate.NEVER_PUSHED
        return Answer(asked, fate, event, near=nearest)

    def _differs_in_its_tag(self, name: ImageName) -> bool:
        """Wherever the repository is (`${{ secrets.USER }}/app`), it is the one that is pushed to."""
        return name.tag is not None and name.tag.value is not None and self._is_own(name)

    def _is_own(self, name: ImageName) -> bool:
        return name.repository.flat in self._names or any(
            likeness(pushed.repository, name.repository) is Likeness.YES for _, pushed in self._names.get("", ())
        )

    def _is_meant_to_be_own(self, name: ImageName, nearest: Sequence[Near], event: Event) -> bool:
        """Another repository is asked for than the one that is pushed to, and nobody can have meant that."""
        repositories = [one for one in nearest if one.gap is Gap.REPOSITORY]
        if not repositories:
            return False
        is_no_name = name.registry in _NEEDS_OWNER and "/" not in (name.path or "/")
        says_commit = name.tag is not None and commit_in(name.tag.flat, event.sha) is not None
        return is_no_name or (says_commit and not self.may_be_more)

    def _held(self, name: ImageName) -> HeldRepository | None:
        held = self.holdings.repositories.get(name.repository.flat) if self.holdings else None
        return held if held is not None and held.problem is None else None

    def _looked_up(self, fate: Fate, name: ImageName) -> Fate:
        held = self._held(name)
        if held is None or name.tag is None or name.tag.holes or fate is not Fate.PUSHED:
            return fate
        return fate if name.tag.flat in held.tags else Fate.LOST


def _is_plain(one: Near, event: Event) -> bool:
    """Nobody leaves such a gap on purpose."""
    tag = image_name(one.reference).tag
    says_commit = tag is not None and commit_in(tag.flat, event.sha) is not None
    return one.gap is Gap.VERSION_PREFIX or (one.gap in SAME_COMMIT and says_commit)


def name_of(pushed: Pushed) -> ImageName:
    name = image_name(pushed.reference)
    return replace(name, tag=None) if pushed.is_by_digest else name


def is_open(done: Iterable[Done]) -> bool:
    """Whether jobs use something that may push images, and that is not understood."""
    return any(hole.reason.kind in _MAY_PUSH for each in done for hole in each.undecided)


def answers(join: Join, done: Done, event: Event) -> tuple[Answer, ...]:
    """To what one job asks for; with each, what the job takes instead where it is not there."""
    told = [join.answer(asked, event) for asked in done.asked if not asked.is_fallback]
    asked_for = {answer.asked.reference for answer in told}
    tried = (asked for asked in done.probed if asked.reference not in asked_for)
    told += (answer for asked in tried if (answer := _fetched(join, asked, event)) is not None)
    return tuple(_with_fallbacks(answer, done, join, event) for answer in told)


def _fetched(join: Join, asked: Asked, event: Event) -> Answer | None:
    """What is fetched so that another way is taken if it is not there is missed only if the same commit is there."""
    answer = join.answer(asked, event)
    is_missed = answer.fate is Fate.NEVER_PUSHED and any(one.gap in SAME_COMMIT for one in answer.near)
    return answer if asked.by.endswith(" pull") and (is_missed or answer.fate is Fate.PUSHED) else None


def _with_fallbacks(answer: Answer, done: Done, join: Join, event: Event) -> Answer:
    if answer.fate is not Fate.NEVER_PUSHED:
        return answer
    hidden = tuple(_fallbacks(answer, done, join, event))
    return Answer(answer.asked, answer.fate, answer.event, answer.by, answer.near, hidden) if hidden else answer


def _fallbacks(answer: Answer, done: Done, join: Join, event: Event) -> Iterator[Asked]:
    """Of the same repository, by name and not by commit, asked for only perhaps, and there."""
    wanted = image_name(answer.asked.reference)
    is_probed = any(image_name(asked.reference) == wanted for asked in done.probed)
    for asked in (*done.probed, *done.asked):
        name = image_name(asked.reference)
        instead = asked.is_fallback or (is_probed and asked.certainty is Certainty.PERHAPS)
        if not instead or name.repository != wanted.repository or name == wanted or name.tag is None:
            continue
        if commit_in(name.tag.flat, event.sha) is None and join.answer(asked, event).fate in {Fate.PUSHED, Fate.HELD}:
            yield asked
