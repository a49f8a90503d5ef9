"""hadolint, which knows very many rules for Dockerfiles and for the scripts in them."""

from types import MappingProxyType
from typing import Final

from wharf.doctor.finding import Severity
from wharf.doctor.linters.linted import Json, Linted, Linter, number_of, objects, path_of, text_of
from wharf.doctor.looks.dockerfiles import is_dockerfile_name
from wharf.formats.span import Span

_GRAVE: Final = "error"
"""Most of what it warns of is advice, such as to name the version of every package."""


def read_hadolint(printed: str) -> tuple[Linted, ...]:
    return tuple(_linted(found) for found in objects(printed))


def _linted(found: Json) -> Linted:
    line = number_of(found, "line")
    return Linted(
        text_of(found, "code"),
        Span.at(path_of(text_of(found, "file")), line, number_of(found, "column")),
        Severity.WARNING if text_of(found, "level") == _GRAVE else Severity.NOTE,
        text_of(found, "message"),
    )


HADOLINT: Final = Linter(
    "hadolint",
    is_dockerfile_name,
    ("--no-fail", "--no-color", "--format", "json", "--"),
    read_hadolint,
    MappingProxyType(
        {
            "DL3000": ("workdir-relative",),
            "DL3002": ("runs-as-root",),
            "DL3006": ("from-image-moves",),
            "DL3007": ("from-image-moves",),
            "DL3012": ("instruction-overridden",),
            "DL3020": ("add-where-copy-is-meant",),
            "DL3022": ("copy-from-unknown-stage",),
            "DL3024": ("stage-name-taken",),
            "DL3025": ("command-in-shell-form",),
            "DL3029": ("platform-fixed-in-from", "platform-redundant"),
            "DL3045": ("workdir-missing",),
            "DL3064": ("secret-in-build-argument",),
            "DL4000": ("maintainer-is-old",),
            "DL4003": ("instruction-overridden",),
            "DL4004": ("instruction-overridden",),
        }
    ),
)
