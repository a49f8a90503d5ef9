"""The name of a registry as a person writes it: host, or host:port; in capitals, or with an address around it."""

import click

from wharf.errors import MalformedReference, shown
from wharf.oci.reference import Reference, RepositoryName


class HostParameter(click.ParamType[str]):
    """Who answers at an address, by whatever name: Docker Hub's hosts are hosts like others here."""

    name = "HOST"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return _checked(_host_and_path(str(value))[0])


class RegistryParameter(click.ParamType[str]):
    """An address is understood; what follows the host in it is not."""

    name = "REGISTRY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return registry_in(str(value))


class RepositoryNameParameter(click.ParamType[RepositoryName]):
    name = "NAME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> RepositoryName:
        return value if isinstance(value, RepositoryName) else RepositoryName.parse(str(value))


def registry_in(text: str) -> str:
    """`https://ghcr.io/` is ghcr.io, and each name of Docker Hub is docker.io."""
    from wharf.credentials.keys import registry_of  # noqa: PLC0415 - start-up time: images are named by references

    _refuse_secrets(text)
    host, path = _host_and_path(text)
    if path not in {"", "v1", "v2"}:
        step = f"{shown(host)} --repository {shown(path)}"
        raise MalformedReference(
            f"{host}/{path}", "a registry is meant here, and this goes on after it", next_step=step
        )
    return _checked(registry_of(host))


def registry_and_path(text: str) -> tuple[str, str]:
    """`https://registry.example/crew/app` is registry.example and crew/app; the path may be empty."""
    _refuse_secrets(text)
    host, path = _host_and_path(text)
    return _checked(host), path


def _host_and_path(text: str) -> tuple[str, str]:
    """What stands behind a question mark has no meaning here, and may be a secret."""
    if "@" in text:
        raise MalformedReference("", "the name of a registry has no user in it", next_step="--username NAME")
    address = text.strip().partition("?")[0].partition("#")[0]
    host, _, path = address.rpartition("://")[2].partition("/")
    return host, path.strip("/")


def _checked(host: str) -> str:
    return Reference(host.lower(), RepositoryName("any")).registry


def _refuse_secrets(text: str) -> None:
    """Where a variable was empty the next word, which may be the token, stands in the registry's place."""
    from wharf.client.clouds.shape import Kind, shape_of  # noqa: PLC0415 - start-up time
    from wharf.credentials.secret import Secret  # noqa: PLC0415 - start-up time

    shape = shape_of(Secret(text))
    if shape.kind is not Kind.OTHER or shape.claims is not None:
        raise MalformedReference(
            "",
            "what stands in the place of the registry looks like a secret, and is not repeated",
            next_step="name the registry, and pipe the secret in: --password-stdin",
        )


HOST = HostParameter()
REGISTRY = RegistryParameter()
REPOSITORY_NAME = RepositoryNameParameter()
