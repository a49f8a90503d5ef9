"""Whether a job runs: `rules`, `only` and `except`, and `workflow` for all of them together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.gitlab.expression import answer, parse_expression
from wharf.formats.gitlab.glob import matching
from wharf.formats.gitlab.pattern import parse_pattern
from wharf.formats.gitlab.pipeline import Condition, Filter, Job, Variable, Variables, no_variables
from wharf.formats.gitlab.predefined import is_merge_request, ref_name, source_of
from wharf.formats.gitlab.values import Values
from wharf.formats.hole import Unknown
from wharf.formats.shell.ran import Certainty
from wharf.formats.text import Text

_LONGEST: Final = 2_000
_MOST_PATTERNS: Final = 50
_regex = re.compile(r"/(.*)/([ismU]*)")
_ALWAYS_SO: Final = {"", "on_success", "always", "delayed"}


@dataclass(frozen=True)
class Outcome:
    """It runs, and these variables are set because of that."""

    certainty: Certainty = Certainty.ALWAYS
    variables: Variables = field(default_factory=no_variables, hash=False)


class Circumstances:
    """What happened, and which files are there. Each pattern for files is compared with them once."""

    def __init__(self, event: Event, files: Files) -> None:
        self.event = event
        self._files = files
        self._known: dict[str, bool] = {}

    def has_file(self, pattern: str) -> bool | None:
        """None, if more was asked than can be answered in time."""
        if pattern not in self._known:
            if len(self._known) >= _MOST_PATTERNS:
                return None
            self._known[pattern] = bool(matching(pattern, self._files.paths()))
        return self._known[pattern]


def outcome_of_rules(rules: Iterable[Condition], when: str, values: Values, around: Circumstances) -> Outcome | None:
    """The first rule that is met decides. None, if it does not run."""
    possible: list[Condition] = []
    is_decided = False
    for rule in rules:
        met = _is_met(rule, values, around)
        if met is not False:
            possible.append(rule)
        if met:
            is_decided = True
            break
    running = [rule for rule in possible if (rule.when or when) != "never"]
    if not running:
        return None
    is_certain = is_decided and len(possible) == 1 and (running[0].when or when) in _ALWAYS_SO
    return Outcome(Certainty.ALWAYS if is_certain else Certainty.PERHAPS, _common(running))


def outcome_of_filters(job: Job, values: Values, around: Circumstances, *, by_default: bool) -> Outcome | None:
    """`by_default`: without `only`, it runs for branches and tags alone."""
    wanted = _passes(job.only, values, around) if job.only else True
    if job.only is None and by_default:
        wanted = not is_merge_request(around.event)
    refused = _refuses(job.excepted, values, around) if job.excepted else False
    if wanted is False or refused is True or job.when == "never":
        return None
    is_certain = wanted is True and refused is False and job.when in _ALWAYS_SO
    return Outcome(Certainty.ALWAYS if is_certain else Certainty.PERHAPS)


def _common(rules: list[Condition]) -> Variables:
    """Where the rules that may be met disagree, nobody knows."""
    found: dict[str, Variable] = {}
    for name in {name for rule in rules for name in rule.variables}:
        given = [rule.variables[name] for rule in rules if name in rule.variables]
        if len(given) == len(rules) and all(each.value == given[0].value for each in given):
            found[name] = given[0]
        else:
            found[name] = Variable(name, Text.unknown(Unknown.EITHER, name, given[0].span), given[0].span, is_raw=True)
    return found


def _is_met(rule: Condition, values: Values, around: Circumstances) -> bool | None:
    answers: list[bool | None] = []
    if rule.expression is not None:
        expression = parse_expression(rule.expression)
        answers.append(answer(expression, values.looked) if expression else None)
    if rule.changes:
        answers.append(None)
    if rule.exists is not None:
        answers.append(_any_exists(rule.exists, values, around))
    return False if False in answers else None if None in answers else True


def _any_exists(patterns: tuple[Text, ...], values: Values, around: Circumstances) -> bool | None:
    known = [values.expanded(pattern) for pattern in patterns]
    return _any(None if each.holes else around.has_file(each.flat.removeprefix("/")) for each in known)


def _passes(filter_: Filter, values: Values, around: Circumstances) -> bool | None:
    """All that it names must be so."""
    answers = list(_answers(filter_, values, around))
    return False if False in answers else None if None in answers else True


def _refuses(filter_: Filter, values: Values, around: Circumstances) -> bool | None:
    """Any of what it names is enough."""
    return _any(_answers(filter_, values, around))


def _answers(filter_: Filter, values: Values, around: Circumstances) -> Iterator[bool | None]:
    if filter_.refs is not None:
        yield _any(_is_ref(ref.flat, around.event) for ref in filter_.refs)
    if filter_.variables is not None:
        parsed = (parse_expression(text) for text in filter_.variables)
        yield _any(answer(each, values.looked) if each else None for each in parsed)
    if filter_.changes:
        yield None


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False


def _is_ref(pattern: str, event: Event) -> bool | None:
    if "@" in pattern and not pattern.startswith("/"):
        pattern, _, path = pattern.partition("@")
        if event.repository and path != event.repository:
            return False
    source = source_of(event).removesuffix("_event")
    if pattern in {source, source + "s", source + "es"}:
        return True
    if is_merge_request(event):
        return False
    if pattern == ("tags" if event.tag else "branches"):
        return True
    if regex := _regex.fullmatch(pattern[:_LONGEST]):
        found = parse_pattern(regex[1], ignores_case="i" in regex[2])
        return found.is_in(ref_name(event)) if found else None
    return pattern == ref_name(event)
