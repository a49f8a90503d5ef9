"""Versions as the action understands them: semantic ones, and those of Python's PEP 440.

semver  = [ "v" ] number "." number "." number [ "-" identifiers ] [ "+" identifiers ]
pep440  = [ "v" ] [ epoch "!" ] number *( "." number ) [ pre ] [ post ] [ dev ] [ "+" local ]
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from wharf.formats.github.metadata.javascript import BLANKS, MOST_EXACT, number, written

_LONGEST: Final = 256
_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_IDENTIFIER: Final = rf"(?:{_NUMBER}|[0-9]*[a-zA-Z-][a-zA-Z0-9-]*)"
_semantic = re.compile(
    rf"v?({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
).fullmatch
_python = re.compile(
    r"v?(?:(?:(?P<epoch>[0-9]+)!)?(?P<release>[0-9]+(?:\.[0-9]+)*)"
    r"(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_number>[0-9]+)?)?"
    r"(?:-(?P<implicit>[0-9]+)|[-_.]?(?P<post>post|rev|r)[-_.]?(?P<post_number>[0-9]+)?)?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_number>[0-9]+)?)?)"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.IGNORECASE | re.ASCII,
).fullmatch
_SHORT: Final = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


@dataclass(frozen=True)
class SemanticVersion:
    raw: str
    major: int
    minor: int
    patch: int
    prerelease: tuple[str | int, ...]
    build: tuple[str, ...]

    @property
    def version(self) -> str:
        """Without what was built."""
        plain = f"{self.major}.{self.minor}.{self.patch}"
        return f"{plain}-{'.'.join(map(str, self.prerelease))}" if self.prerelease else plain


def semantic(text: str) -> SemanticVersion | None:
    match = _semantic(text.strip(BLANKS)) if len(text) <= _LONGEST else None
    if match is None or any(int(match[at]) > MOST_EXACT for at in (1, 2, 3)):
        return None
    prerelease = tuple(_identifier(part) for part in match[4].split(".")) if match[4] else ()
    build = tuple(match[5].split(".")) if match[5] else ()
    return SemanticVersion(text, int(match[1]), int(match[2]), int(match[3]), prerelease, build)


def _identifier(text: str) -> str | int:
    return int(text) if text.isdigit() and int(text) < MOST_EXACT else text


@dataclass(frozen=True)
class PythonVersion:
    release: tuple[str, ...]
    clean: str
    is_final: bool
    """Neither before, nor after, nor on the way to a release."""


def python(text: str) -> PythonVersion | None:
    match = _python(text) if len(text) <= 10_000 else None
    if match is None:
        return None
    release = tuple(_figures(part) for part in match["release"].split("."))
    epoch = _figures(match["epoch"] or "0")
    clean = ("" if epoch == "0" else f"{epoch}!") + ".".join(release)
    pre, post = (match["pre"] or "").lower(), match["post"] or match["implicit"]
    if pre:
        clean += _SHORT.get(pre, pre) + _figures(match["pre_number"] or "0")
    if post:
        clean += ".post" + _figures(match["implicit"] or match["post_number"] or "0")
    if match["dev"]:
        clean += ".dev" + _figures(match["dev_number"] or "0")
    if match["local"]:
        clean += "+" + ",".join(_local(part) for part in re.split(r"[._-]", match["local"]))
    return PythonVersion(release, clean, not (pre or post or match["dev"]))


def _figures(text: str) -> str:
    """As a number of JavaScript and back again: `01` is 1."""
    return written(float(text))


def _local(part: str) -> str:
    """Numbers may be hexadecimal or have exponents, since nobody looks."""
    value = number(part)
    return part.lower() if math.isnan(value) else written(value)
