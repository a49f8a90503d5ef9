"""The name of an image as a message quotes it, and what keeps it from being one."""

import re
from typing import Final

from wharf.doctor.squeezed import without_colours

_QUOTE: Final = r"[\\\"'`‘’“”]{0,3}"
_NAME: Final = rf"{_QUOTE}(?P<name>[^\"'`‘’“”\\\n]{{0,400}}?){_QUOTE}"
_QUOTED: Final = r"[\\\"'`‘’“”]{1,3}(?P<name>[^\"'`‘’“”\\\n]{0,400})[\\\"'`‘’“”]{1,3}"
_places: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"invalid tag {_QUOTED}",
        rf"invalid argument {_QUOTED} for",
        rf"parsing reference:? {_QUOTED}",
        rf"parsing image name {_QUOTED}",
        rf"parsing target image name {_QUOTED}",
        rf"failed to parse stage name {_QUOTED}",
        rf"unable to get image {_QUOTED}",
        rf"failed to resolve reference {_QUOTED}",
        rf"invalid image name {_QUOTED}",
        rf"base name \({_NAME}\)",
        r"repository name \((?P<name>[^)\n]{0,400})\) must be lowercase",
        rf"could not parse reference: {_NAME}(?:$|\s)",
    )
)
_tag_alone: Final = re.compile(r"tag can only contain the characters[^:\n]{0,120}: (?P<name>[^\n]{0,300})")
_name_alone: Final = re.compile(r"repository can only contain the characters[^:\n]{0,120}: (?P<name>[^\n]{0,300})")
_is_host = re.compile(r"localhost|[^:]*\.[^:]*|[^:]*:[0-9]+|[^:]*\.[^:]*:[0-9]+").fullmatch
_is_tag = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*").fullmatch
_is_part = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*").fullmatch
_LONGEST_TAG: Final = 128
_LONGEST_NAME: Final = 255


def flaw_in(log: str) -> tuple[str, str] | None:
    """The name, and what is wrong with it; None, where the text quotes no name."""
    log = without_colours(log)
    if found := _tag_alone.search(log):
        tag = found["name"].strip()
        return tag, _flaw_of_tag(tag) or "fine"
    for place in (_name_alone, *_places):
        if found := place.search(log):
            return found["name"], flaw_of(found["name"])
    return None


def flaw_of(name: str) -> str:
    written = name.removeprefix("docker://").strip("\r")
    return _flaw_of_writing(written) or _flaw_of_parts(written) or "fine"


def _flaw_of_writing(written: str) -> str:
    if "://" in written:
        return "with-scheme"
    if any(sign in written for sign in "${}<>%"):
        return "variable-not-replaced"
    if not written.isascii():
        return "not-ascii"
    return "space" if re.search(r"\s", written) else ""


def _flaw_of_parts(written: str) -> str:
    name, _, _ = written.partition("@")
    host, slash, rest = name.partition("/")
    if not slash or not _is_host(host):
        rest = name
    path, colon, tag = rest.partition(":")
    if not path or any(not part for part in path.split("/")):
        return "name-empty"
    if re.search("[A-Z]", path):
        return "capitals"
    return _flaw_of_path(path) or (_flaw_of_tag(tag) if colon else "")


def _flaw_of_path(path: str) -> str:
    if len(path) > _LONGEST_NAME:
        return "too-long"
    if all(map(_is_part, path.split("/"))):
        return ""
    return "repeated-separator" if re.search(r"[._-]{2,}", path) else "bad-character"


def _flaw_of_tag(tag: str) -> str:
    if not tag:
        return "tag-empty"
    if not tag.isascii():
        return "not-ascii"
    if tag[0] in "-.":
        return "tag-begins-badly"
    if not _is_tag(tag):
        return "bad-character"
    return "too-long" if len(tag) > _LONGEST_TAG else ""
