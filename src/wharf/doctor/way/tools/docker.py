"""`docker`, and `podman`, which is spoken to in the same words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from wharf.doctor.way.deed import Act, ComposeCall, Deed, Doing
from wharf.doctor.way.tools.buildx import bake, build, create_index
from wharf.doctor.way.tools.compose import compose_call
from wharf.doctor.way.tools.options import all_valued_but, sorted_words, valued
from wharf.formats.text import Text

Words = Sequence[Text]
_GLOBAL: Final = valued(
    "-c", "--context", "--config", "-H", "--host", "-l", "--log-level", "--tlscacert", "--tlscert", "--tlskey"
)
_GROUPS: Final = frozenset({"image", "container", "buildx", "builder"})
_RUN_FLAGS: Final = all_valued_but(
    *(
        "-d",
        "-i",
        "-t",
        "-P",
        "-q",
        "--detach",
        "--interactive",
        "--tty",
        "--rm",
        "--init",
        "--privileged",
        "--read-only",
    ),
    *("--publish-all", "--no-healthcheck", "--oom-kill-disable", "--sig-proxy", "--disable-content-trust", "--quiet"),
    *("--help", "--replace", "--no-hosts", "--systemd", "--tls-verify", "--use-api-socket", "--rootfs"),
)
_PULL_VALUES: Final = valued(
    "--platform", "--arch", "--os", "--variant", "--authfile", "--creds", "--cert-dir", "--retry"
)


def docker(words: Words, program: str = "docker") -> Iterator[Act]:
    """`words` without the program."""
    given = sorted_words(words, _GLOBAL, ends_at_operand=True).operands
    while len(given) > 1 and given[0].flat in _GROUPS:
        given = given[1:]
    if not given:
        return
    command, rest = given[0].flat, given[1:]
    if command == "compose":
        yield from compose_call(rest)
    elif command == "bake":
        yield from bake(rest, f"{program} buildx bake")
    elif command == "manifest":
        yield from _manifest(rest, program)
    elif command == "imagetools":
        yield from create_index(rest)
    elif command in {"stack", "service"}:
        yield from _swarm(command, rest)
    elif command in _COMMANDS:
        yield from _COMMANDS[command](rest, program)


def _pull(words: Words, program: str) -> Iterator[Act]:
    given = sorted_words(words, _PULL_VALUES)
    platforms = given.values("--platform")
    yield from (Deed(Doing.ASKS, image, f"{program} pull", platforms) for image in given.operands)


def _push(words: Words, program: str) -> Iterator[Act]:
    given = sorted_words(
        words, valued("--platform", "--authfile", "--creds", "--format", "-f", "--digestfile", "--cert-dir")
    )
    everything = given.has("-a", "--all-tags")
    # podman may be told a second name, under which it is pushed.
    for image in given.operands[-1:]:
        yield Deed(Doing.PUSHES, image, f"{program} push", pushes_all_tags=everything)


def _run(words: Words, program: str) -> Iterator[Act]:
    given = sorted_words(words, _RUN_FLAGS, ends_at_operand=True)
    if given.operands and not given.has("--rootfs"):
        policy = given.last("--pull")
        doing = Doing.PROBES if policy is not None and policy.flat == "never" else Doing.ASKS
        yield Deed(doing, given.operands[0], f"{program} run", given.values("--platform"))


def _tag(words: Words, program: str) -> Iterator[Act]:
    yield from (Deed(Doing.MAKES, target, f"{program} tag") for target in sorted_words(words, valued()).operands[1:])


def _commit(words: Words, program: str) -> Iterator[Act]:
    given = sorted_words(words, valued("-a", "--author", "-c", "--change", "-m", "--message", "-f", "--format"))
    yield from (Deed(Doing.MAKES, target, f"{program} commit") for target in given.operands[1:2])


def _build(words: Words, program: str) -> Iterator[Act]:
    yield from build(words, f"{program} build")


def _manifest(words: Words, program: str) -> Iterator[Act]:
    if not words:
        return
    given = sorted_words(words[1:], valued("--os", "--arch", "--variant", "--os-version", "--os-features"))
    match words[0].flat, given.operands:
        case "inspect", (*_, image):
            yield Deed(Doing.PROBES, image, f"{program} manifest inspect")
        case "create", (image, *_):
            yield Deed(Doing.MAKES, image, f"{program} manifest create")
        case "push", (*_, image):
            yield Deed(Doing.PUSHES, image, f"{program} manifest push")


def _swarm(command: str, words: Words) -> Iterator[Act]:
    if not words:
        return
    given = sorted_words(
        words[1:],
        all_valued_but("-d", "--detach", "-q", "--quiet", "--force", "--rollback", "--prune", "--with-registry-auth"),
    )
    if command == "stack" and words[0].flat in {"deploy", "up"}:
        yield ComposeCall("up", given.values("-c", "--compose-file"))
    elif command == "service" and words[0].flat == "update":
        yield from (Deed(Doing.ASKS, image, "docker service update") for image in given.values("--image"))
    elif command == "service" and words[0].flat == "create":
        yield from (Deed(Doing.ASKS, image, "docker service create") for image in given.operands[:1])


_COMMANDS: Final[Mapping[str, Callable[[Words, str], Iterator[Act]]]] = MappingProxyType(
    {
        "pull": _pull,
        "push": _push,
        "run": _run,
        "create": _run,
        "tag": _tag,
        "commit": _commit,
        "build": _build,
        "b": _build,
    }
)
