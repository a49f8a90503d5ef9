"""How one stands with a registry, in words for a person and as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from wharf.cli.output import Json
from wharf.client.clouds.cloud import Lifetime
from wharf.client.login.standing import Basis, Right, Standing

_A_MOMENT: Final = 0.01  # of a day, an hour or a minute
_ANSWERS: Final = {True: "yes", False: "no", None: "not known"}


def rights_rows(standing: Standing) -> list[tuple[str, str]]:
    """One line for the rights, and why one is missing where the registry gave a reason."""
    if standing.repository is None:
        hint = "a token tells them" if standing.has_token_service else "they show when they are used"
        return [("rights", f"not looked at: {hint}; name one with --repository")]
    rows = [("rights", f"{standing.repository}: {_rights_in_words(standing.rights)}")]
    return rows + [("", right_in_words(right)) for right in standing.rights if right.evidence and not right.given]


def right_in_words(right: Right) -> str:
    """With what it is known by."""
    return f"{right.action} {_ANSWERS[right.given]}: {right.evidence or right.basis.value}"


def _rights_in_words(rights: Sequence[Right]) -> str:
    return ", ".join(f"{right.action} {_ANSWERS[right.given]}{_basis(right)}" for right in rights)


def _basis(right: Right) -> str:
    return " (tried)" if right.basis is Basis.TRIED else ""


def rights_as_json(standing: Standing) -> Json:
    if standing.repository is None:
        return None
    found = {
        right.action: {"given": right.given, "basis": right.basis.name.lower(), "evidence": right.evidence}
        for right in standing.rights
    }
    return {"repository": str(standing.repository), **found}


def expiry_in_words(expires: datetime | None, lifetime: Lifetime, now: datetime) -> str:
    if expires is None:
        return lifetime.words
    moment = expires.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if expires <= now:
        return f"no longer: it expired at {moment}"
    return f"until {moment}, {span_in_words((expires - now).total_seconds())} from now"


def span_in_words(seconds: float) -> str:
    """What was given for 90 days a moment ago is good for 90 days, not for 89."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if count := int(seconds / size + _A_MOMENT):
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def moment_as_json(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
