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


def with_explanation(problem: HelperFailed, registry: str, environ: Mapping[str, str], platform: str) -> HelperFailed:
    """The same failure with its cause and its cure. There is no falling back: a secret goes where it was sent."""
    text = as_docker_says(problem.helper, problem.action, problem.reason, problem.said)
    known = next(explained(about(registry, text), environ, platform), None)
    if known is None:
        return problem
    step = f"{known.next_step}; {_IN_A_FILE}" if "--store file" not in known.next_step else known.next_step
    better = HelperFailed(problem.helper, problem.action, problem.reason, said=problem.said, next_step=step)
    for line in as_evidence(known, environ):
        better.seen_at(line)
    return better


def as_evidence(known: Diagnostics, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Beside the failure itself, whose line needs no repeating."""
    from wharf.doctor.language import Words, language_of  # noqa: PLC0415 - read only when something failed

    prefix = Words("this is known", "알려진 문제").in_(language_of(environ))
    return (f"{prefix}: {known.cause}", *known.evidence[1:])


def about(registry: str, text: str) -> str:
    """With the registry's address beside it, as in docker's own messages: so the cure can name it."""
    return f"{text} https://{registry}/v2/"


def as_docker_says(helper: str, action: str, reason: str, said: str) -> str:
    """The catalogue knows failures by what docker's command prints of them."""
    doing = f"error {_VERBS.get(action, action)} credentials - err: "
    if "on PATH" in reason:
        return f'{doing}exec: "docker-credential-{helper}": executable file not found in $PATH, out: ``'
    status = reason.replace("exit code", "exit status")
    return f"{doing}{status}, out: `{said}`"
