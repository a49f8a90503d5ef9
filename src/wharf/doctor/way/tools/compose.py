"""`docker compose`, and `docker-compose`, which is its older form."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.doctor.way.deed import Act, ComposeCall
from wharf.doctor.way.tools.options import all_valued_but, sorted_words, valued
from wharf.formats.text import Text

_GLOBAL: Final = valued(
    *(
        "-f",
        "--file",
        "-p",
        "--project-name",
        "--env-file",
        "--profile",
        "--project-directory",
        "--parallel",
        "--progress",
    ),
    *("--ansi", "-H", "--host", "--tlscacert", "--tlscert", "--tlskey", "--workdir", "--context", "-c", "--log-level"),
)
_RUN_FLAGS: Final = all_valued_but(
    *(
        "-d",
        "-i",
        "-T",
        "-P",
        "-q",
        "--detach",
        "--rm",
        "--build",
        "--no-deps",
        "--no-TTY",
        "--interactive",
        "--use-aliases",
    ),
    *("--service-ports", "--quiet", "--quiet-pull", "--quiet-build", "--remove-orphans"),
)
_OTHER_VALUES: Final = valued(
    "-t",
    "--timeout",
    "--scale",
    "--pull",
    "--wait-timeout",
    "--exit-code-from",
    "--attach",
    "--no-attach",
    "--build-arg",
    "-m",
    "--memory",
    "--policy",
    "--progress",
)


def compose_call(words: Sequence[Text]) -> Iterator[Act]:
    given = sorted_words(words, _GLOBAL, ends_at_operand=True)
    if not given.operands:
        return
    command, rest = given.operands[0].flat, given.operands[1:]
    is_run = command == "run"
    own = sorted_words(rest, _RUN_FLAGS if is_run else _OTHER_VALUES, ends_at_operand=is_run)
    yield ComposeCall(
        command,
        files=given.values("-f", "--file"),
        folder=given.last("--project-directory"),
        environment_files=given.values("--env-file"),
        services=own.operands[:1] if is_run else own.operands,
        profiles=given.values("--profile"),
        builds=own.has("--build"),
    )
