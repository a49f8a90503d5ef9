"""The words that the action's templates may use: `{{branch}}`, `{{sha}}`, `{{date 'YYYYMMDD'}}` and so on."""

from collections.abc import Callable
from datetime import datetime

from wharf.formats.github.metadata.dates import formatted, zone
from wharf.formats.github.metadata.failing import refusal
from wharf.formats.github.metadata.happened import Happened
from wharf.formats.github.metadata.rendering import Function, Given, Scope, rendered, text_given
from wharf.formats.github.metadata.template import parse_template
from wharf.formats.hole import Unknown
from wharf.formats.text import Known, Text


def filled_in(text: Text, scope: Scope) -> Text:
    return rendered(parse_template(text), scope) if "{{" in text.flat else text


def everywhere(event: Happened) -> Scope:
    """In prefixes, suffixes, values, `enable`, labels and annotations."""
    words = {
        "branch": _saying(lambda: event.branch or Text()),
        "tag": _saying(lambda: event.tag or Text()),
        "sha": _saying(lambda: event.short_sha),
        "base_ref": _saying(lambda: Text.known(event.base_ref)),
        "is_default_branch": _saying(lambda: _truth(holds=event.is_default_branch)),
    }
    if event.release.has_not_default_branch:
        words["is_not_default_branch"] = _saying(lambda: _truth(holds=not event.is_default_branch))
    return words | dates(event)


def dates(event: Happened) -> dict[str, Function]:
    """In the pattern of `type=schedule`, and everywhere."""
    words = {"date": _date(event.now, "date")}
    return words | {"commit_date": _date(event.commit_date, "commit_date")} if event.release.has_commit_date else words


def placed(text: Text, source: Text) -> Text:
    """What is known of it stands where the expression stands."""
    return Text(tuple(Known(each.text, source.span) if isinstance(each, Known) else each for each in text.pieces))


def _saying(say: Callable[[], Text]) -> Function:
    return Function(lambda given: placed(say(), given.source))


def _truth(*, holds: bool) -> Text:
    return Text.known("true" if holds else "false")


def _date(moment: datetime, name: str) -> Function:
    def said(given: Given) -> Text:
        form, zone_name = text_given(given, name)
        if not zone_name:
            raise refusal(given.source, "Cannot read properties of undefined (reading 'format')")
        found = zone(zone_name)
        if found is None:
            return Text.unknown(Unknown.FILE, f"the time zone {zone_name}", given.source.span)
        return Text((Known(formatted(moment.astimezone(found), form or ""), given.source.span),))

    return Function(said, parameters=2)
