"""Who hears of a check: a person while it goes on, a machine at its end, nobody where nothing is new."""

from pathlib import Path

from wharf.cli.check.document import document_of, junit_of
from wharf.cli.check.memory import Memory, Remembered
from wharf.cli.check.told import Told
from wharf.cli.check.words import CHANGE, CHANGED, OTHERWISE, OUTCOMES, UNREMEMBERED
from wharf.cli.output import Output
from wharf.cli.surroundings import Surroundings
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.checked import Audience, Checked, Nobody
from wharf.doctor.check.course import sameness
from wharf.doctor.check.step import Outcome, Step
from wharf.doctor.language import Language
from wharf.errors import SettingRefused


class Reports:
    def __init__(
        self, surroundings: Surroundings, language: Language, *, as_json: bool, quiet: bool, junit: Path | None
    ) -> None:
        self._surroundings = surroundings
        self._output = Output(surroundings)
        self._language = language
        self._as_json = as_json
        self._quiet = quiet
        self._junit = junit
        self._told = Told(self._output, surroundings.out, language)

    @property
    def audience(self) -> Audience:
        """Told of each step as it ends, unless all of it is told at the end."""
        return Nobody() if self._as_json or self._quiet else self._told

    def greet(self, berth: Berth) -> None:
        if not (self._as_json or self._quiet):
            self._told.greet(berth)

    def tell(self, found: Checked, berth: Berth) -> None:
        """Told first, then written: what came of it is not lost where the file cannot be written."""
        if self._quiet:
            self._tell_news(found, berth)
        elif self._as_json:
            self._output.json(document_of(found, berth, self._language))
        else:
            self._told.summed_up(found, berth)
        if self._junit is not None:
            self._write(self._junit, junit_of(found, berth, self._language))

    def look_ahead(self) -> None:
        """A report that has nowhere to go is known before anything is pushed."""
        if self._junit is not None and not (self._surroundings.folder / self._junit).parent.is_dir():
            raise SettingRefused("--junit", str(self._junit), "the command line", "there is no such folder")

    def _tell_news(self, found: Checked, berth: Berth) -> None:
        here, now = self._surroundings, sameness(found.told)
        memory = Memory(here.environ, here.home, here.platform, berth)
        before = memory.last()
        if before == now:
            return
        if self._as_json:
            self._output.json(document_of(found, berth, self._language))
        else:
            self._tell_all(found, berth, before)
        if not found.interrupted:
            self._remember(memory, now)

    def _tell_all(self, found: Checked, berth: Berth, before: Remembered | None) -> None:
        self._told.greet(berth)
        if before is not None:
            self._tell_changes(found, before)
        for told in found.told:
            self._told.ended(told)
        self._told.summed_up(found, berth)

    def _tell_changes(self, found: Checked, before: Remembered) -> None:
        earlier = {step: (Outcome(outcome), rest) for step, outcome, *rest in filter(_is_known, before)}
        now = {step: rest for step, _, *rest in sameness(found.told)}
        self._output.line(CHANGED.in_(self._language))
        for told in found.told:
            was, troubles = earlier.get(told.step.value, (told.outcome, now[told.step.value]))
            words = [OUTCOMES[each].in_(self._language) for each in (was, told.outcome)]
            title = told.step.title.in_(self._language)
            if was is not told.outcome:
                self._output.line(f"  {CHANGE.in_(self._language).format(told.step.number, title, *words)}")
            elif troubles != now[told.step.value]:
                self._output.line(f"  {OTHERWISE.in_(self._language).format(told.step.number, title, words[1])}")

    def _remember(self, memory: Memory, now: Remembered) -> None:
        try:
            memory.remember(now)
        except OSError as problem:
            said = f"{memory.file}: {problem.strerror or problem}"
            self._output.warn(UNREMEMBERED.in_(self._language).format(said))

    def _write(self, file: Path, text: str) -> None:
        path = self._surroundings.folder / file
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as problem:
            reason = (problem.strerror or str(problem)).lower()
            raise SettingRefused("file", str(path), "the command line", reason) from None


def _is_known(remembered: tuple[str, ...]) -> bool:
    step, outcome = (*remembered, "", "")[:2]
    return step in {each.value for each in Step} and outcome in {each.value for each in Outcome}
