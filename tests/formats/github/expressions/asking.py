"""Expressions that tests write down, and what they come to."""

from wharf.formats.github.expressions.evaluate import Scope
from wharf.formats.github.expressions.template import filled, holds
from wharf.formats.github.expressions.values import Fields, Items
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Text

FILE = ".github/workflows/ci.yml"
SCOPE = Scope(
    Fields.of(
        {
            "github": Fields.of({"ref": Text.known("refs/heads/main"), "run": 7.0, "event": Fields.of({"ok": True})}),
            "secrets": Fields.of({}, lambda name: Hole(Reason(Unknown.SECRET, name))),
            "matrix": Fields.of({"list": Items((1.0, Text.known("b"))), "empty": Text()}),
        }
    )
)


def said(expression: str) -> str:
    """What `${{ expression }}` becomes, with holes as they are shown."""
    return filled(Text.of_file(FILE, "${{ " + expression + " }}"), SCOPE).shown


def is_true(condition: str, scope: Scope = SCOPE) -> bool | None:
    return holds(Text.of_file(FILE, condition), scope)
