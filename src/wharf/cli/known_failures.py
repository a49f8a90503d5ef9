"""Failures of helpers and refusals of registries, looked up in the catalogue of what is known of them."""

from collections.abc import Iterator, Mapping
from typing import Final

from wharf.errors import Diagnostics, HelperFailed

_VERBS: Final = {"get": "getting", "store": "storing", "erase": "erasing", "list": "listing"}
_IN_A_FILE: Final = "or keep credentials in a file: wharf login --store file REGISTRY"


def explained(text: str, environ: Mapping[str, str], platform: str) -> Iterator[Diagnostics]:
    """What is known of it, the best explanation first, in the language of the person."""
    from wharf.doctor.catalogue import known_failures  # noqa: PLC0415 - read only when something failed
    from wharf.doctor.explanation import explanation  # noqa: PLC0415
    from wharf.doctor.language import language_of  # noqa: PLC0415
    from wharf.doctor.matching import matches  # noqa: PLC0415
    from wharf.doctor.signature import system_of  # noqa: PLC0415

    for match in matches(text, known_failures()):
        yield explanation(match, language_of(environ), system_of(platform)).diagnostics()


def with_explanation(problem: HelperFailed, environ: Mapping[str, str], platform: str) -> HelperFailed:
    """The same failure with its cause and its cure. There is no falling back: a secret goes where it was sent."""
    known = next(explained(as_docker_says(problem.helper, problem.action, problem.reason, problem.said),
                           environ, platform), None)  # fmt: skip
    if known is None:
        return problem
    step = f"{known.next_step}; {_IN_A_FILE}" if "--store file" not in known.next_step else known.next_step
    better = HelperFailed(problem.helper, problem.action, problem.reason, said=problem.said, next_step=step)
    better.seen_at(f"this is known: {known.cause}")
    for line in known.evidence[1:]:
        better.seen_at(line)
    return better


def as_docker_says(helper: str, action: str, reason: str, said: str) -> str:
    """The catalogue knows failures by what docker's command prints of them."""
    doing = f"error {_VERBS.get(action, action)} credentials - err: "
    if "on PATH" in reason:
        return f'{doing}exec: "docker-credential-{helper}": executable file not found in $PATH, out: ``'
    status = reason.replace("exit code", "exit status")
    return f"{doing}{status}, out: `{said}`"
