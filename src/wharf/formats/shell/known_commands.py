"""What some commands print in the run of an event: `git` about the commit and the branch, `date` about the day.

Only what the event decides is known. A time of day is not: each call of `date` has one of its own.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.files import Files
from wharf.formats.hole import Unknown
from wharf.formats.shell.parameter import WORKSPACE
from wharf.formats.shell.start import Printed
from wharf.formats.text import Text

SHORT: Final = 7
"""Digits of a short commit, as git writes them while a repository is not very large."""
_HEADS: Final = frozenset({"HEAD", "@", "HEAD^0", "HEAD^{commit}"})
_short: Final = re.compile(r"--(?:short|abbrev)=(\d{1,2})")
_format: Final = re.compile(r"--(?:pretty|format)=(?:t?format:)?(.*)", re.DOTALL)
_require: Final = re.compile(r"""require\(['"](?:\./)?([\w./-]+\.json)['"]\)((?:\.[A-Za-z_]\w*)+)""")
_MOST_NUMBERS: Final = 200
_DAYS: Final = frozenset("YmdyjVGguUWaAbBhCeFDxn%t")
"""Letters of a date's form that stay the same all day."""
_WRITTEN: Final = {"F": "%Y-%m-%d", "D": "%m/%d/%y", "h": "%b", "n": "\n", "t": "\t"}
_DAY_OF_GIT: Final = {"%cs": "%Y-%m-%d", "%as": "%Y-%m-%d"}


def printed_at(event: Event, files: Files, *, is_detached: bool = False) -> Printed:
    """`is_detached`: the commit is checked out without its branch, as GitLab does."""
    commands: Mapping[str, Callable[[Sequence[str]], str | None]] = {
        "git": partial(_git, event, is_detached=is_detached),
        "date": partial(_date, event),
        "seq": _seq,
        "node": partial(_node, files),
    }

    def printed(words: tuple[Text, ...]) -> Text | None:
        if any(word.value is None for word in words):
            return None
        flats = [word.flat for word in words]
        command = commands.get(flats[0].rsplit("/", 1)[-1])
        if flats[:3] == ["git", "rev-parse", "--show-toplevel"]:
            return Text.unknown(Unknown.RUN, WORKSPACE, words[0].span)
        said = command(flats[1:]) if command is not None else None
        return None if said is None else Text.known(said + "\n", words[0].span)

    return printed


def _git(event: Event, words: Sequence[str], *, is_detached: bool) -> str | None:
    rest = _without_global_options(words)
    if not rest:
        return None
    branch = "" if is_detached else event.branch
    options = rest[1:]
    match rest[0]:
        case "rev-parse":
            return _rev_parse(event, branch, options)
        case "describe":
            return event.tag if event.tag and "--long" not in options and not _names_another(options) else None
        case "log" | "show":
            return _log(event, options)
        case "rev-list":
            is_one = {"-1", "--max-count=1"} & set(options) or "-n1" in options
            return event.sha if is_one and not _names_another(options) and not _others(options, "-1", "-n1") else None
        case "branch":
            return branch if options == ["--show-current"] else None
        case "symbolic-ref":
            return branch or None if "--short" in options else f"refs/heads/{branch}" if branch else None
        case "tag":
            return event.tag or None if "--points-at" in options else None
    return None


def _without_global_options(words: Sequence[str]) -> list[str]:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0)
        if option in ("-C", "-c") and rest:
            rest.pop(0)
    return rest


def _names_another(options: Sequence[str]) -> bool:
    """Another commit than the one that is checked out."""
    return any(not option.startswith("-") and option not in _HEADS for option in options)


def _others(options: Sequence[str], *known: str) -> bool:
    return any(option.startswith("-") and option not in (*known, "--max-count=1") for option in options)


def _rev_parse(event: Event, branch: str, options: Sequence[str]) -> str | None:
    if _names_another(options) or not any(option in _HEADS for option in options):
        return None
    if "--abbrev-ref" in options:
        return branch or "HEAD"
    if "--symbolic-full-name" in options:
        return f"refs/heads/{branch}" if branch else "HEAD"
    for option in options:
        if option == "--short":
            return event.sha[:SHORT]
        if found := _short.fullmatch(option):
            return event.sha[: max(int(found.group(1)), 4)]
    return None if _others(options, "--verify", "-q", "--quiet", "--") else event.sha


def _log(event: Event, options: Sequence[str]) -> str | None:
    forms = [found.group(1) for option in options if (found := _format.fullmatch(option))]
    rest = [option for option in options if not _format.fullmatch(option)]
    if len(forms) != 1 or _names_another([option for option in rest if option not in ("1", "-n")]):
        return None
    length = next((int(found.group(1)) for option in rest if (found := _short.fullmatch(option))), SHORT)
    if any(option.startswith("--skip") or option == "--reverse" for option in rest):
        return None
    return _formed(event, forms[0], length)


def _formed(event: Event, form: str, length: int) -> str | None:
    written = {"%H": event.sha, "%h": event.sha[:length], "%n": "\n", "%%": "%"}
    if event.commit_date is not None:
        written["%ct"] = str(int(event.commit_date.timestamp()))
        written |= {name: event.commit_date.strftime(day) for name, day in _DAY_OF_GIT.items() if name == "%cs"}
    parts = re.split(r"(%(?:[a-zA-Z]{1,2}|%))", form)
    said = [written.get(part, written.get(part[:2], "") + part[2:] if part[:2] in ("%H", "%h") else None)
            if part.startswith("%") else part for part in parts]  # fmt: skip
    known = [part for part in said if part is not None]
    return "".join(known) if len(known) == len(said) else None


def _date(event: Event, words: Sequence[str]) -> str | None:
    forms = [word[1:] for word in words if word.startswith("+")]
    options = [word for word in words if not word.startswith("+")]
    if options == ["-I"]:
        forms, options = ["%F"], []
    if len(forms) != 1 or any(option not in ("-u", "--utc", "--universal") for option in options):
        return None
    parts = re.split(r"(%-?.)", forms[0])
    if any(part[-1] not in _DAYS for part in parts if part.startswith("%")):
        return None
    return "".join(_day(event, part) if part.startswith("%") else part for part in parts)


def _day(event: Event, part: str) -> str:
    if part == "%%":
        return "%"
    form = _WRITTEN.get(part[-1], f"%{part[-1]}")
    said = event.now.strftime(form)
    return said.lstrip("0") or "0" if part[1] == "-" else said


def _seq(words: Sequence[str]) -> str | None:
    if not words or not all(re.fullmatch(r"-?\d{1,6}", word) for word in words) or len(words) > 3:
        return None
    numbers = [int(word) for word in words]
    first, step, last = (1, 1, numbers[0]) if len(numbers) == 1 else (numbers[0], 1, numbers[-1])
    step = numbers[1] if len(numbers) == 3 else step
    if step == 0 or abs(last - first) // abs(step) > _MOST_NUMBERS:
        return None
    return "\n".join(str(number) for number in range(first, last + (1 if step > 0 else -1), step))


def _node(files: Files, words: Sequence[str]) -> str | None:
    """`node -p "require('./package.json').version"`."""
    if len(words) != 2 or words[0] not in ("-p", "-pe", "--print"):
        return None
    found = _require.fullmatch(words[1].strip().removesuffix(";"))
    if found is None:
        return None
    try:
        value: object = json.loads(files.read(found[1]).flat)
    except (FileNotThere, MalformedFile, UnreadableFile, ValueError, RecursionError):
        return None
    for name in found[2].split(".")[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
