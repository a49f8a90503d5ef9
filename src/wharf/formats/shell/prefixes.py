"""Programs that run another program: `sudo`, `env`, `timeout` and their like. Which one, and what reaches it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wharf.formats.shell.call import Call
from wharf.formats.text import Text

_assignment: Final = re.compile(r"([A-Za-z_]\w*)=")


@dataclass(frozen=True)
class Prefix:
    """`valued`: options with a word behind them; `leading`: words before the program."""

    valued: frozenset[str] = frozenset()
    leading: int = 0
    takes_variables: bool = False
    drops: bool = False
    is_noted: bool = False


_SUDO: Final = Prefix(
    frozenset({"-u", "-g", "-U", "-p", "-C", "-h", "-r", "-t", "-T", "-D", "-R", "--user", "--group", "--prompt"}),
    takes_variables=True,
    drops=True,
    is_noted=True,
)
_PREFIXES: Final = {
    "sudo": _SUDO,
    "doas": Prefix(frozenset({"-u", "-C"}), drops=True, is_noted=True),
    "env": Prefix(frozenset({"-u", "--unset", "-C", "--chdir", "-S"}), takes_variables=True),
    "exec": Prefix(frozenset({"-a"})),
    "timeout": Prefix(frozenset({"-s", "--signal", "-k", "--kill-after"}), leading=1),
    "nice": Prefix(frozenset({"-n", "--adjustment"})),
    "stdbuf": Prefix(frozenset({"-i", "-o", "-e"})),
    "ionice": Prefix(frozenset({"-c", "-n", "-p"})),
    "sshpass": Prefix(frozenset({"-p", "-f", "-d", "-P"})),
    "time": Prefix(frozenset({"-f", "-o", "--format", "--output"})),
}


def prefix_of(name: str) -> Prefix:
    return _PREFIXES.get(name, Prefix())


@dataclass(frozen=True)
class Behind:
    """The program behind, and the variables that are set for it. `kept`: those that stay where others are dropped."""

    words: tuple[Text, ...]
    variables: Mapping[str, Text]
    drops: bool = False
    kept: frozenset[str] = frozenset()


def behind_prefix(call: Call, prefix: Prefix) -> Behind:
    words = list(call.arguments)
    options = _options(words, prefix)
    if call.name == "command" and any(option in ("-v", "-V") for option in options):
        return Behind((), {})
    variables: dict[str, Text] = {}
    while prefix.takes_variables and words and (found := _assignment.match(words[0].flat)):
        variables[found.group(1)] = words.pop(0)[found.end() :]
    del words[: prefix.leading]
    drops = (prefix.drops and not _keeps_all(options)) or (call.name == "env" and bool({"-i", "-"} & set(options)))
    kept = {name for option in options if option.startswith("--preserve-env=")
            for name in option.partition("=")[2].split(",")}  # fmt: skip
    return Behind(tuple(words), variables, drops, frozenset(kept))


def _options(words: list[Text], prefix: Prefix) -> list[str]:
    """Taken from the words."""
    found = []
    while words and words[0].flat.startswith("-"):
        option = words.pop(0).flat
        found.append(option)
        if option == "--":
            break
        if option in prefix.valued and words:
            words.pop(0)
    return found


def _keeps_all(options: list[str]) -> bool:
    return any(
        option in ("--preserve-env", "-E") or (re.fullmatch(r"-[a-zA-Z]+", option) is not None and "E" in option)
        for option in options
    )
