"""An examination: every rule is asked about a checkout, and what they found is put in order.

A rule is whatever module below `wharf.doctor.rules` has a `RULE`. A rule that breaks is a mistake of ours: it takes
nothing away from what the others found, and is told of by its name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from wharf.doctor import rules as room
from wharf.doctor.checkout import Checkout
from wharf.doctor.finding import Finding, Severity
from wharf.doctor.material_of_tests import softened
from wharf.doctor.rule import Rule
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile

_GRAVITY: Final = {severity: rank for rank, severity in enumerate(Severity)}
Telling = Callable[[Rule, int, int], None]
"""Told which rule is asked next, how many were asked before it, and how many there are."""


@dataclass(frozen=True)
class Found:
    """A finding, with the rule whose it is."""

    rule: Rule
    finding: Finding

    @property
    def severity(self) -> Severity:
        return self.finding.severity or self.rule.severity


@dataclass(frozen=True)
class Broken:
    """A rule that could not do its work."""

    rule: Rule
    problem: Exception


@dataclass(frozen=True)
class Examined:
    """The gravest findings first, and those of one gravity in the order of files."""

    found: tuple[Found, ...] = ()
    broken: tuple[Broken, ...] = ()

    def of(self, *severities: Severity) -> tuple[Found, ...]:
        return tuple(each for each in self.found if each.severity in severities)


@cache
def known_rules() -> tuple[Rule, ...]:
    """In the order of their names, those last that tell of what others met."""
    modules = (import_module(found.name) for found in walk_packages(room.__path__, f"{room.__name__}."))
    rules = [module.RULE for module in modules if hasattr(module, "RULE")]
    return tuple(sorted(rules, key=lambda rule: (rule.runs_last, rule.id)))


def examine(checkout: Checkout, rules: Iterable[Rule], tell: Telling = lambda *_: None) -> Examined:
    found: list[Found] = []
    broken: list[Broken] = []
    asked = tuple(rules)
    for number, rule in enumerate(asked):
        tell(rule, number, len(asked))
        try:
            found += (Found(rule, softened(finding)) for finding in dict.fromkeys(rule.check(checkout)))
        except (MalformedFile, UnreadableFile) as problem:
            checkout.note(problem)
        except FileNotThere:
            pass
        except Exception as problem:  # noqa: BLE001 - a rule of ours that breaks must not silence all others
            broken.append(Broken(rule, problem))
    return Examined(tuple(sorted(found, key=_order)), tuple(broken))


def _order(found: Found) -> tuple[int, str, int, int, str]:
    span = found.finding.span
    return _GRAVITY[found.severity], span.file, span.line, span.column, found.rule.id
