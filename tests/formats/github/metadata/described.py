"""What is described in the tests: a push to the branch main of acme/app, unless they say otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from wharf.formats.event import Event
from wharf.formats.github.metadata.action import Metadata, describe
from wharf.formats.text import Text

SHA: Final = "453a6545b97fe240727c378291230abeb793d851"
PUSH: Final = Event(
    name="push",
    ref="refs/heads/main",
    sha=SHA,
    repository="Acme/App",
    default_branch="main",
    now=datetime(2026, 11, 21, 14, 34, 5, 678_000, tzinfo=UTC),
)
TAG: Final = replace(PUSH, ref="refs/tags/v1.2.3")
PULL: Final = replace(PUSH, name="pull_request", ref="refs/pull/12/merge", base_ref="main", head_sha="f" * 40)


def pushed_tag(name: str) -> Event:
    return replace(PUSH, ref=f"refs/tags/{name}")


def pushed_branch(name: str) -> Event:
    return replace(PUSH, ref=f"refs/heads/{name}")


def metadata(
    tags: str | Text,
    event: Event = PUSH,
    images: str | Text = "acme/app",
    release: str = "v6",
    flavor: str = "",
    environment: Mapping[str, str] | None = None,
    **others: str,
) -> Metadata:
    given = {"tags": tags, "images": images, "flavor": flavor}
    given |= {name.replace("_", "-"): text for name, text in others.items()}
    inputs = {
        name: Text.of_file(f"{name}.txt", text) if isinstance(text, str) else text for name, text in given.items()
    }
    return describe(inputs, event, release, {name: Text.known(text) for name, text in (environment or {}).items()})


def names(found: Metadata) -> list[str]:
    """Tags without the one image that there is in most tests."""
    return [tag.shown.removeprefix("acme/app:") for tag in found.tags]
