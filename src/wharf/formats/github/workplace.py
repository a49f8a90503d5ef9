"""The machine of one job while its steps are taken: what earlier steps have left there for later ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wharf.formats.github.around import Around
from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.template import filled
from wharf.formats.github.expressions.values import Fields, Value
from wharf.formats.github.workflow import Defaults
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.start import Printed
from wharf.formats.text import Text


def _knows_nothing(_: tuple[Text, ...]) -> Text | None:
    return None


@dataclass
class Workplace:
    around: Around
    contexts: Mapping[str, Value]
    """All but `env`, `steps` and, within an action of the repository, `inputs`."""
    variables: Mapping[str, Text]
    """Those that every step finds."""
    environment: dict[str, Text]
    """Of the workflow, of the job, and what steps added to it."""
    defaults: Defaults
    is_windows: bool = False
    is_known_whole: bool = True
    """No step so far may have set variables that are not named here."""
    has_failed: bool = False
    printed: Printed = _knows_nothing
    undecided: list[Hole] = field(default_factory=list)

    def environment_context(self, environment: Mapping[str, Text]) -> Fields:
        others = None if self.is_known_whole else _set_by_a_step
        entries: dict[str, tuple[str, Value]] = {name.lower(): (name, text) for name, text in environment.items()}
        return Fields(entries, others, has_exact_names=True)

    def forget_the_commit(self) -> None:
        """Another commit lies there now than the one of the event."""
        self.printed = _knows_nothing

    def set(self, added: Mapping[str, Text], *, is_certain: bool) -> None:
        for name, text in added.items():
            self.environment[name] = text if is_certain else Text.unknown(Unknown.EITHER, name, text.span)


def all_filled(texts: Mapping[str, Text], scope: Scope) -> dict[str, Text]:
    return {name: filled(text, scope) for name, text in texts.items()}


def _set_by_a_step(name: str) -> Value:
    return Hole(Reason(Unknown.OUTPUT, f"env.{name}"))
