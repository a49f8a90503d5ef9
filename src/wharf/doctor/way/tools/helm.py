"""`helm install` and `helm upgrade`."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, ChartCall
from wharf.doctor.way.tools.options import all_valued_but, sorted_words
from wharf.formats.text import Text

_FLAGS: Final = all_valued_but(
    *(
        "-i",
        "-g",
        "--install",
        "--atomic",
        "--wait",
        "--wait-for-jobs",
        "--create-namespace",
        "--force",
        "--reuse-values",
    ),
    *(
        "--reset-values",
        "--reset-then-reuse-values",
        "--cleanup-on-fail",
        "--debug",
        "--dry-run",
        "--dependency-update",
    ),
    *("--skip-crds", "--devel", "--generate-name", "--no-hooks", "--render-subchart-notes", "--rollback-on-failure"),
)


def helm(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _FLAGS)
    if not given.operands or given.operands[0].flat not in {"install", "upgrade"} or len(given.operands) < 2:
        return
    replaced = [
        (pair[: pair.flat.find("=")], pair[pair.flat.find("=") + 1 :])
        for value in given.values("--set", "--set-string")
        for pair in value.split(",")
        if "=" in pair.flat
    ]
    yield ChartCall(given.operands[-1], given.values("-f", "--values"), tuple(replaced))
