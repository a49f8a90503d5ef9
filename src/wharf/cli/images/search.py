"""`wharf search`: the repositories of a registry whose names hold some words."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import click

from wharf.cli.images.errand import Errand, image_command
from wharf.cli.images.natural_order import natural_key
from wharf.cli.output import Output
from wharf.cli.registry_name import REGISTRY, registry_in
from wharf.client.client import RegistryClient
from wharf.errors import Refused, RemoteAnswered, RemoteDenied, RemoteUnauthenticated
from wharf.oci.nearness import nearest
from wharf.oci.reference import DOCKER_HUB, reads_as_host

_NO_CATALOG: Final = {
    DOCKER_HUB: "look on its web page: https://hub.docker.com/search",
    "ghcr.io": "look at the packages of a user or an organisation on GitHub",
    "quay.io": "look on its web page: https://quay.io/search",
    "registry.gitlab.com": "look at the container registry of a project on GitLab",
}
_SAYS_NO: Final = frozenset({400, 401, 403, 404, 405, 501})
_ABOUT: Final = """\
Find repositories of a registry by their names. All words of TEXT must occur in a name, in any case and order.

It reads the registry's catalog. Docker Hub, GHCR, Quay and GitLab have none that people may read; other registries
show it to their administrators only.
"""
_EPILOG: Final = """\
\b
Examples:
  wharf search app registry.example
  wharf search registry.example/app
  wharf search 'team api' 127.0.0.1:5000 --json
"""


async def _search(errand: Errand, text: str, registry: str | None, *, limit: int | None) -> None:
    text, registry = _asked(text, registry)
    names = await _catalog(errand, registry)
    found = sorted((name for name in names if _holds(name, text)), key=natural_key)[:limit]
    near = [] if found else nearest(text, names)
    document = {"registry": registry, "text": text, "repositories": found, "nearest": near}
    errand.tell(document, lambda: _show(errand.output, registry, found, near))


def _asked(text: str, registry: str | None) -> tuple[str, str]:
    """`127.0.0.1:5000/app` says both at once, as it does to docker and podman; without a word it is all of it."""
    host, slash, words = text.partition("/")
    if registry is None and slash and reads_as_host(host):
        return words, registry_in(host)
    return text, registry or DOCKER_HUB


async def _catalog(errand: Errand, host: str) -> list[str]:
    if host in _NO_CATALOG:
        raise _no_catalog(host, [])
    client = errand.remotes.client(host)
    try:
        await _be_known(client)
        return [str(name) for name in await client.catalog()]
    except RemoteAnswered as refused:
        if isinstance(refused, RemoteUnauthenticated | RemoteDenied) or refused.status not in _SAYS_NO:
            raise
        raise _no_catalog(host, refused.diagnostics().evidence) from refused


async def _be_known(client: RegistryClient) -> None:
    """Some show a stranger a list as well, of what is public: whoever has a credential shows it before."""
    with suppress(RemoteAnswered):
        await client.ping()


def _no_catalog(host: str, evidence: Sequence[str]) -> Refused:
    return Refused(
        f"{host} has no list of its repositories that could be searched",
        evidence=evidence,
        next_step=_NO_CATALOG.get(host, "look on its web page, or ask its operator for the catalog"),
    )


def _holds(name: str, text: str) -> bool:
    return all(word in name for word in text.casefold().split())


def _show(output: Output, host: str, found: Sequence[str], near: Sequence[str]) -> None:
    for name in found:
        output.line(f"{host}/{name}")
    if not found:
        output.note("nothing found" + (f"; the nearest: {', '.join(near)}" if near else ""))


search: Final = image_command(
    "search",
    _search,
    _ABOUT,
    _EPILOG,
    [
        click.Argument(["text"]),
        click.Argument(["registry"], type=REGISTRY, required=False),
        click.Option(["--limit"], type=click.IntRange(min=1), metavar="N", help="So many at most."),
    ],
)
