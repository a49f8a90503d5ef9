"""Registries that lead to other hosts: no password goes along."""

import asyncio
import secrets
from typing import TypeVar

import pytest

from tests.client.cargo import cargo_of, described, read, unwatched
from tests.client.hostile import LARGE, NAME, refused, tagged
from tests.client.sessions import Story, run_at
from wharf.client.repository import RemoteRepository
from wharf.credentials.credential import Password
from wharf.credentials.keychain import Lookup
from wharf.credentials.secret import Secret
from wharf.errors import (
    RemoteAnswered,
    RemoteMisbehaved,
    WharfError,
)
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.hostile_registry import HostileRegistry, Misdeed

T = TypeVar("T")


class OnePassword:
    """The same credential for everybody who asks for one, to see who is shown it."""

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        return Lookup(Password("captain", Secret("s3cret-of-the-captain")))


def shown_to(registry: HostileRegistry) -> list[str]:
    """Everything in which a secret can stand, of everything that it was sent."""
    return [f"{each.path} {each.headers}" for each in registry.requests if "authorization" in each.headers]


def run_known(registry: HostileRegistry, story: Story[T]) -> T:
    return run_at(registry.host, story, NAME, pauses=[0.0], keychain=OnePassword())


def test_a_redirect_to_another_host_takes_no_password_along(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    content = secrets.token_bytes(1000)
    for each in (registry, elsewhere):
        each.shelf.put_blob(content)
    registry.misbehave(Misdeed.WANTS_LOGIN)
    registry.misbehave(Misdeed.REDIRECT_ELSEWHERE, target=elsewhere.url)

    async def story(repository: RemoteRepository) -> bytes:
        return await asyncio.to_thread(read, await repository.blob(described(content)))

    assert content == run_known(registry, story)
    assert shown_to(registry)
    assert 1 == len(elsewhere.requests)
    assert [] == shown_to(elsewhere)


@pytest.mark.parametrize("size", [1000, LARGE])
def test_an_upload_to_another_host_takes_no_password_along(
    registry: HostileRegistry, elsewhere: HostileRegistry, size: int
) -> None:
    registry.misbehave(Misdeed.WANTS_LOGIN)
    registry.misbehave(Misdeed.LOCATION_ELSEWHERE, target=elsewhere.url)
    with pytest.raises(RemoteAnswered):
        run_known(registry, lambda it: it.put_blob(cargo_of(secrets.token_bytes(size)), unwatched))
    assert shown_to(registry)
    assert elsewhere.requests
    assert [] == shown_to(elsewhere)


def test_a_list_that_goes_on_at_another_host_is_not_followed(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.TAGS_ELSEWHERE, target=elsewhere.url.replace("127.0.0.1", "localhost"))
    refused(registry, lambda repository: repository.tags(), RemoteMisbehaved)
    assert [] == elsewhere.requests


def test_a_password_is_not_shown_to_the_token_service_of_another_registry(
    registry: HostileRegistry, elsewhere: HostileRegistry
) -> None:
    tagged(registry)
    registry.misbehave(Misdeed.CHALLENGES_FOR_ANOTHER, target="http://token.elsewhere.example")
    with pytest.raises(WharfError) as caught:
        run_known(registry, lambda repository: repository.manifest(Tag("v1")))
    assert "s3cret" not in f"{caught.value} {caught.value.diagnostics()}"
