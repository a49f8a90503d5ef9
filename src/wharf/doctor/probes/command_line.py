"""The command in the text: which program was called, what it was told, and what it tells of itself in its words."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_LONGEST_LINE: Final = 4000
_MOST_LINES: Final = 2000
_command = re.compile(
    r"(?:^|[\s;&|(`'\">+$]|/|\\)(docker-compose|docker|podman|buildah|skopeo|crane|nerdctl|wharf)(?:\.exe)?\s+(\S.{0,3000})"
)
_KNOWN: Final = frozenset({"login", "pull", "push", "build", "buildx", "run", "compose", "manifest", "tag", "create"})
_OTHERS: Final = frozenset({"logout", "copy", "cp", "inspect", "images", "image", "exec", "load", "save", "bake", "up"})
_UNDER: Final = {"image": frozenset({"pull", "push", "build", "tag"}), "container": frozenset({"run", "create"})}
_WITH_VALUE: Final = frozenset(
    {"--config", "--context", "-c", "-H", "--host", "-l", "--log-level", "-f", "--file", "-p"}
)
_ENDS: Final = frozenset({"|", "||", "&&", ";", "&", ">", "2>&1", "<", ">>", "<<<"})
_HELP: Final = ("--help", "[OPTIONS]", "usage:", "See '", 'See "')
_PROGRAMS: Final = {
    "docker": "docker",
    "docker-compose": "compose",
    "podman": "podman",
    "buildah": "buildah",
    "skopeo": "skopeo",
    "crane": "crane",
}
_MARKS: Final = (
    ("gitlab-runner", ("running with gitlab-runner", "with docker executor", "failed to pull image with policies")),
    ("kubelet", ("failed to pull image", "errimagepull", "imagepullbackoff", "kubelet", "failedcreatepodsandbox")),
    ("kaniko", ("kaniko", "error checking push permissions", "error pushing image: failed to push to destination")),
    ("containerd", ("failed to pull and unpack image", "failed to resolve reference", "ctr: ")),
    ("skopeo", ("skopeo", "error determining manifest", "error copying image to the remote destination")),
    ("podman", ("initializing source docker://", "trying to pull", "podman")),
    ("crane", ("crane ", "go-containerregistry")),
    ("docker", ("error response from daemon", "docker daemon", "error saving credentials", "docker login")),
)
_NO_ACCOUNT: Final = ("--password-stdin option requires --username", "must provide --username with --password-stdin")
_TWICE: Final = (
    "specify both --password and --password-stdin",
    "--password and --password-stdin are mutually exclusive",
)


@dataclass(frozen=True, slots=True)
class _Command:
    program: str
    words: tuple[str, ...]
    """What follows the program, up to the end of the command."""

    @property
    def subcommand(self) -> str:
        first, second = [*self.plain, "", ""][:2]
        word = second if second in _UNDER.get(first, frozenset()) else first
        if self.program == "docker-compose":
            return "compose"
        return word if word in _KNOWN else "other"

    @property
    def plain(self) -> tuple[str, ...]:
        """Its words that are neither options nor values of them, as far as that shows."""
        plain: list[str] = []
        takes_value = False
        for word in self.words:
            if not takes_value and not word.startswith("-"):
                plain.append(word)
            takes_value = word in _WITH_VALUE | {"-u", "--username", "--password"}
        return tuple(plain)

    def value_of(self, *options: str) -> str | None:
        """None where none of the options is there. An option at the end has an empty value."""
        for place, word in enumerate(self.words):
            name, equals, value = word.partition("=")
            if name in options:
                return value if equals else next(iter(self.words[place + 1 :]), "")
            if word[:2] in options and len(word) > 2 and not word.startswith("--"):
                return word[2:]
        return None


async def look(scene: Scene) -> Seen:
    sighting, log = Sighting("command-line"), scene.aim.log
    if not log:
        return sighting.done()
    commands = list(_commands(log))
    chosen = next((each for each in reversed(commands) if each.subcommand == "login"), None)
    command = chosen if chosen and _is_about_login(log) else (commands[-1] if commands else None)
    if command is not None:
        sighting.saw("subcommand", command.subcommand)
        _see_login(command, scene.environ, sighting)
    _see_words(log, sighting)
    if program := _program(log, command):
        sighting.saw("program", program)
    sighting.saw("registry_in_text", scene.aim.registry is not None)
    return sighting.done()


def _is_about_login(log: str) -> bool:
    lower = log.lower()
    return any(word in lower for word in ("login", "password", "credential", "unauthorized", "denied"))


def _commands(log: str) -> Iterator[_Command]:
    for line in (whole[:_LONGEST_LINE] for whole in log.splitlines()[:_MOST_LINES]):
        if any(mark in line or mark in line.lower() for mark in _HELP):
            continue
        for found in _command.finditer(line):
            words = tuple(takewhile(lambda word: word not in _ENDS, _words(found[2])))
            command = _Command(found[1], words)
            if command.plain and command.plain[0] in _KNOWN | _OTHERS | set(_UNDER):
                yield command


def _words(text: str) -> Sequence[str]:
    """As a shell reads them; what it could not read is taken apart at its blanks."""
    text = text.replace("|", " | ").replace(";", " ; ")
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _see_login(command: _Command, environ: Mapping[str, str], sighting: Sighting) -> None:
    if command.subcommand != "login":
        return
    reads_input = "--password-stdin" in command.words
    username = command.value_of("-u", "--username")
    is_named = username is not None and not _is_empty(username, environ)
    sighting.saw(
        "password_stdin",
        reads_input,
        "" if reads_input else "The command has no --password-stdin.",
        "" if reads_input else "명령에 --password-stdin이 없습니다.",
    )
    sighting.saw(
        "username",
        is_named,
        "The command has --username." if is_named else "The command has no user name.",
        "명령에 --username이 있습니다." if is_named else "명령에 사용자 이름이 없습니다.",
    )
    sighting.saw("registry_named", len(command.plain) > 1)
    has_password = command.value_of("-p", "--password") is not None
    sighting.saw(
        "password_on_it",
        has_password,
        "The password was given on the command line." if has_password else "",
        "비밀번호가 명령줄에 지정되었습니다." if has_password else "",
    )


def _is_empty(value: str, environ: Mapping[str, str]) -> bool:
    """A variable that is known to be empty is as good as nothing."""
    name = value.removeprefix("$").removeprefix("{").removesuffix("}")
    return not value.strip() or value.startswith("-") or (value.startswith("$") and environ.get(name) == "")


def _see_words(log: str, sighting: Sighting) -> None:
    """What docker says tells of its command as well, where that is not in the text."""
    lower = " ".join(log.lower().split())
    if any(text in lower for text in _NO_ACCOUNT):
        sighting.saw("password_stdin", value=True)
        sighting.saw(
            "username",
            value=False,
            english="docker was given no user name.",
            korean="docker에 사용자 이름이 전달되지 않았습니다.",
        )
    if any(text in lower for text in _TWICE):
        sighting.saw("password_stdin", value=True)
        sighting.saw(
            "password_on_it",
            value=True,
            english="The password was given twice.",
            korean="비밀번호가 두 번 지정되었습니다.",
        )


def _program(log: str, command: _Command | None) -> str:
    lower = log.lower()
    marked = next((program for program, marks in _MARKS if any(mark in lower for mark in marks)), "")
    typed = _PROGRAMS.get(command.program, "") if command else ""
    if typed == "docker" and command is not None and command.subcommand == "compose":
        typed = "compose"
    return typed if typed and marked in {"", "docker", "containerd", "podman"} else marked or typed
