"""What one job does with images: what it pushes, and what it asks a registry for, in the order of its steps."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from wharf.doctor.way.actions.known import action_acts
from wharf.doctor.way.calls import Call, Calls
from wharf.doctor.way.deed import BakeCall, ChartCall, Deed, Doing
from wharf.doctor.way.image_name import ImageName, image_name
from wharf.doctor.way.laid_files import LaidFiles, normal
from wharf.doctor.way.likeness import Likeness, likeness_of_names
from wharf.doctor.way.places import place_of
from wharf.doctor.way.reference import Asked, Pushed
from wharf.doctor.way.rewriting import Replacing, replaced, replacings
from wharf.doctor.way.tools.builders import may_push
from wharf.doctor.way.tools.known import acts_of, unwrapped
from wharf.errors import FileNotThere, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import ActionRun, JobRun, StepRun
from wharf.formats.shell.ran import Certainty, Defaulted, Failing, Followed, Ran
from wharf.formats.span import Span
from wharf.formats.text import Text

_REWRITING: Final = frozenset(
    {"sed", "yq", "envsubst", "perl", "awk", "jq", "python", "python3", "ytt", "kustomize", "mv", "cp", "tee"}
)
_IN_PLACE: Final = ("-i", "--inplace", "-pi", "-p0i")
_ENGINES: Final = ("docker", "podman", "nerdctl", "buildah")
_MOST_ACTS: Final = 20_000


@dataclass
class Done:
    """`probed`: what was only looked for. `rewritten`: names of files that are changed nobody knows how."""

    job: JobRun
    pushed: list[Pushed] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    probed: list[Asked] = field(default_factory=list)
    named: list[Text] = field(default_factory=list)
    """References that are put together for somebody to push them."""
    names_tags: bool = False
    """Whether a step is there to put them together, even if there are none."""
    made_there: list[ImageName] = field(default_factory=list)
    """What gets a name on the machine that is deployed to, where no registry is asked for it then."""
    rewritten: set[str] = field(default_factory=set)
    defaulted: list[Defaulted] = field(default_factory=list)
    undecided: list[Hole] = field(default_factory=list)
    failures: list[Hole] = field(default_factory=list)
    """Why steps fail that should put references together."""


def done_by(job: JobRun, event: Event, files: Files) -> Done:
    working = _Working(job, event, files)
    working.surroundings()
    for step in job.steps:
        working.step(step)
    working.done.undecided += job.undecided
    return working.done


class _Working:
    """A job while it is gone through: which images and files there are by now, on which machine."""

    def __init__(self, job: JobRun, event: Event, files: Files) -> None:
        self.done = Done(job)
        self._event = event
        self._files = LaidFiles(files)
        self._calls = Calls(self._files, event)
        self._here: dict[str, list[ImageName]] = {}
        self._met: set[tuple[Text, str]] = set()
        self._changed: set[str] = set()
        """Names of files in which something was put that is not known."""
        self._certainty = job.certainty
        self._step: Span | None = None
        self._named_for: dict[str, list[Text]] = {}

    def surroundings(self) -> None:
        """The containers that the job itself runs in and beside."""
        for image in (*([self.done.job.image] if self.done.job.image else []), *self.done.job.services):
            self._ask(Asked(image, image.span or self.done.job.span, "container", self._event))

    def step(self, step: StepRun) -> None:
        self._certainty = self.done.job.certainty.and_(step.certainty)
        self._step = step.span
        if isinstance(step.deed, Followed):
            self._followed(step.deed)
        else:
            self._action(step, step.deed)

    def _action(self, step: StepRun, used: ActionRun) -> None:
        told = action_acts(used, self._event)
        self.done.named += told.named
        self._named_for.setdefault(told.target, []).extend(told.named)
        self.done.names_tags = self.done.names_tags or bool(told.target)
        self.done.undecided += told.undecided
        self.done.failures += [told.failure] if told.failure else []
        uses = Text.known(used.uses, step.span)
        ran = Ran((uses,), step.span, used.environment, certainty=told.certainty)
        for act in told.acts:
            self._act(act, ran)
        if told.followed is not None:
            self._followed(told.followed)

    def _followed(self, followed: Followed) -> None:
        for written in followed.written:
            self._files.lay(written)
        self.done.defaulted += followed.defaulted
        self.done.undecided += followed.undecided
        for ran in followed.ran[:_MOST_ACTS]:
            self._rewrite(ran)
            for act in acts_of(ran):
                self._act(act, ran)
            if may_push(ran):
                self.done.undecided.append(Hole(Reason(Unknown.COMMAND, ran.words[0].shown), ran.span))

    def _rewrite(self, ran: Ran) -> None:
        words = unwrapped(ran.words)
        program = words[0].flat.rsplit("/", 1)[-1] if words else ""
        if program not in _REWRITING:
            return
        for replacing in replacings(words[1:]) if program == "sed" else ():
            for path in self._files.seen(ran.host).matching(normal(ran.folder, replacing.file.flat)):
                self._replace(path, replacing, ran)
        names = {name for word in words[1:] for name in _names(word)}
        self.done.rewritten |= names
        if program in {"yq", "perl"} and any(word.flat in _IN_PLACE for word in words[1:]):
            self._changed |= names

    def _replace(self, path: str, replacing: Replacing, ran: Ran) -> None:
        if replacing.pattern is not None and (content := self._content(path, ran)) is not None:
            certainty = ran.certainty.and_(self._certainty)
            if not self._files.states(path, ran.host):
                self._files.change(path, ran.host, content, Certainty.ALWAYS)
            self._files.change(path, ran.host, replaced(content, replacing), certainty)

    def _content(self, path: str, ran: Ran) -> Text | None:
        try:
            return self._files.seen(ran.host).read(path)
        except (FileNotThere, UnreadableFile):
            return None

    def _act(self, act: Deed | Call, ran: Ran) -> None:
        if isinstance(act, Deed):
            self._deed(act, ran)
            return
        if isinstance(act, BakeCall):
            act = replace(act, tags={target: tuple(named) for target, named in self._named_for.items()})
        if isinstance(act, ChartCall):
            self.done.rewritten |= set(_names(act.chart))
        for each in self._calls.of(act, ran):
            if isinstance(each, Deed):
                self._deed(each, ran)
            elif each.span.file.rpartition("/")[2] not in self._changed:
                self._ask(self._placed(each, ran), ran)

    def _deed(self, deed: Deed, ran: Ran) -> None:
        name = image_name(deed.reference)
        here = self._here.setdefault(_host(ran), [])
        if deed.doing is Doing.PUSHES:
            self._push(deed, ran)
        elif deed.doing is Doing.MAKES:
            here.append(name)
            if ran.host is not None:
                self.done.made_there.append(name)
        elif deed.reference:
            asked = Asked(deed.reference, place_of(deed.reference, ran.span), deed.by, platforms=deed.platforms)
            asked = self._placed(asked, ran)
            if deed.doing is Doing.PROBES:
                self.done.probed.append(asked)
            else:
                self._ask(asked, ran)

    def _push(self, deed: Deed, ran: Ran) -> None:
        wanted = image_name(deed.reference)
        names = [*self.done.named] if deed.is_as_named else [deed.reference]
        if deed.pushes_all_tags:
            here = self._here.get(_host(ran), [])
            names = [name.whole for name in here if name.repository == wanted.repository] or names
        for reference in names:
            pushed = Pushed(
                reference,
                ran.span,
                deed.by,
                self.done.job.file,
                self.done.job.job,
                self._event,
                ran.certainty.and_(self._certainty),
                deed.platforms,
                deed.by_digest,
                self.done.job.via,
            )
            self.done.pushed.append(pushed)

    def _placed(self, asked: Asked, ran: Ran) -> Asked:
        via = ran.via if asked.span.file == ran.span.file else (*ran.via, ran.span)
        if self._step is not None and self._step.file not in {asked.span.file, *(span.file for span in via)}:
            via = (self._step, *via)
        certainty = ran.certainty.and_(self._certainty).and_(asked.certainty)
        return replace(asked, event=self._event, certainty=certainty, via=via)

    def _ask(self, asked: Asked, ran: Ran | None = None) -> None:
        name = image_name(asked.reference)
        here = self._here.setdefault(_host(ran), [])
        if _is_of_this_machine(asked) and any(likeness_of_names(known, name) is Likeness.YES for known in here):
            return
        decides = ran is not None and _is_tried(ran)
        place = (asked.reference, _host(ran))
        if place in self._met and not asked.is_fallback:
            return
        if decides and asked.by.endswith(" pull") and not asked.is_fallback:
            self.done.probed.append(asked)
            return
        self._met.add(place)
        self.done.asked.append(asked)
        if not decides and _is_of_this_machine(asked):
            here.append(name)


def _is_of_this_machine(asked: Asked) -> bool:
    """A cluster fetches its images itself, whatever was made here."""
    return asked.by.startswith(_ENGINES) and not asked.by.startswith("docker service")


def _is_tried(ran: Ran) -> bool:
    """Whoever wrote it reckons with its not being there. On another machine nobody says so: there is no `set -e`."""
    return ran.failing is Failing.DECIDES or (ran.failing is Failing.PASSED_OVER and ran.host is None)


def _host(ran: Ran | None) -> str:
    return ran.host.shown if ran is not None and ran.host is not None else ""


def _names(word: Text) -> Iterator[str]:
    """The name of the file that a word may be, and the folder for programs that are given only that."""
    if word.flat and not word.flat.startswith("-") and len(word.flat) < 300:
        yield word.flat.rstrip("/").rsplit("/", 1)[-1]
