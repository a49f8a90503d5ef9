"""docs/api.md, made from the rows of the API: `make api-page` writes it, a test holds it to the code."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.house.sources import ROOT
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import InProcessRegistry

PAGE = ROOT / "docs" / "api.md"
_HEAD = """# The API

<!-- Made by `make api-page` from the rows in src/wharf/registry/http/api. -->

All that a registry does, beside pushing and pulling, can be asked for over HTTP. GitHub's operations answer under `/`
and under `/api/v3`, wharf's own under `/api/wharf/v1`. The registry describes them itself, for programs that make
clients: `/api/wharf/v1/openapi.json` is an OpenAPI document, made from the same rows as this page. How GitHub's look in
use stands on [a page of their own](packages.md).

- Send a token as `Authorization: Bearer`, `Authorization: token`, or as the password of `Basic`.
- A name with a slash in it is one segment of an address: `crew%2Fapp`.
- Bodies are JSON objects. Lists come in pages: `page`, `per_page` (30, at most 100), and GitHub's `Link` header.
- A refusal has GitHub's form, and wharf's own words in `wharf`: `code`, `cause`, `evidence`, `nextStep`. What you may
  not read is told as what does not exist. See [errors](errors.md).
- Nothing that is answered may be kept by a cache. Each change is noted in the [audit log](audit.md).

What each of them takes is enforced by one place, and tried for every endpoint and every kind of caller in
`tests/registry/http/api/matrix.toml`.
"""
_TABLE = "| asked | what it does | needs |\n|---|---|---|\n"


class _Told(NamedTuple):
    path: str
    method: str
    about: str
    needs: str


def page() -> str:
    told = sorted(_told())
    own = [each for each in told if each.path.startswith(OWN)]
    github = [each for each in told if not each.path.startswith(OWN)]
    return f"{_HEAD}\n## wharf's own\n\n{_TABLE}{_rows(own)}\n## GitHub's\n\n{_TABLE}{_rows(github)}"


def _told() -> Iterator[_Told]:
    for path, methods in _document()["paths"].items():
        for method, described in methods.items():
            needs = described["description"].removeprefix("Needs ").removesuffix(".")
            yield _Told(path, method.upper(), described["summary"], needs)


def _document() -> dict[str, Any]:  # an OpenAPI document
    with tempfile.TemporaryDirectory() as folder, InProcessRegistry(Path(folder)) as registry:
        return dict(registry.request("GET", f"{OWN}/openapi.json").json())


def _rows(told: list[_Told]) -> str:
    return "".join(f"| `{each.method} {each.path}` | {each.about} | {each.needs} |\n" for each in told)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
