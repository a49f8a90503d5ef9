"""Tags that go alone, at registries that do not delete tags: Debian's docker-registry, and some that refuse more."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.client.cargo import cargo_of, config, image, unwatched
from tests.client.peers import docker_registry
from tests.client.sessions import run_at
from wharf.client.client import RegistryClient
from wharf.client.exchange import LARGEST_DOCUMENT, Exchange
from wharf.client.message import Headers, OpenResponse, Request, Response
from wharf.client.repository import RemoteRepository
from wharf.client.untag import remove_tag
from wharf.errors import ManifestUnknown, RemoteAnswered, RemoteDenied
from wharf.oci.manifest import Manifest
from wharf.oci.reference import RepositoryName, Tag
from wharf.protocol.scope import Scope

pytestmark = pytest.mark.slow
GOES, STAYS = Tag("goes"), Tag("stays")
_numbers = itertools.count()


class Refusing:
    """An exchange at which some requests are answered by somebody who stands in front of the registry."""

    def __init__(self, exchange: Exchange, status: int, refuses: Callable[[Request], bool]) -> None:
        self._exchange = exchange
        self._status = status
        self._refuses = refuses

    @property
    def registry(self) -> str:
        return self._exchange.registry

    async def ask(self, request: Request, scopes: Sequence[Scope], limit: int = LARGEST_DOCUMENT) -> Response:
        if self._refuses(request):
            return Response(self._status, Headers(()), b"", f"http://{self.registry}{request.url}")
        return await self._exchange.ask(request, scopes, limit)

    async def open(self, request: Request, scopes: Sequence[Scope]) -> OpenResponse:
        return await self._exchange.open(request, scopes)

    async def close(self) -> None:
        await self._exchange.close()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with docker_registry(tmp_path_factory.mktemp("docker-registry")) as host:
        yield host


@pytest.fixture
def name() -> RepositoryName:
    return RepositoryName(f"team/app-{next(_numbers)}")


async def shared(repository: RemoteRepository) -> Manifest:
    """One image under two tags."""
    described = config()
    await repository.put_blob(cargo_of(described), unwatched)
    manifest = image(described, [])
    await repository.put_manifest(manifest, [GOES, STAYS])
    return manifest


def deletes(request: Request) -> bool:
    return request.method == "DELETE"


def test_a_tag_goes_alone_where_only_digests_can_be_deleted(host: str, name: RepositoryName) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest = await shared(repository)
        await remove_tag(repository.client, name, GOES)
        assert (STAYS,) == await repository.tags()
        assert manifest == await repository.manifest(STAYS)
        assert manifest == await repository.manifest(manifest.digest())

    run_at(host, story, name)


def test_where_nothing_is_deleted_the_tag_is_not_touched(host: str, name: RepositoryName) -> None:
    async def story(repository: RemoteRepository) -> None:
        manifest = await shared(repository)
        client = RegistryClient(Refusing(repository.client.exchange, 405, deletes))
        with pytest.raises(RemoteAnswered):
            await remove_tag(client, name, GOES)
        assert manifest == await repository.manifest(GOES)

    run_at(host, story, name)


def test_nothing_is_left_behind_where_nothing_is_deleted(name: RepositoryName, tmp_path: Path) -> None:
    """Debian's docker-registry as it is configured when nobody says anything about deleting."""

    async def story(repository: RemoteRepository) -> None:
        await shared(repository)
        revisions = tmp_path / f"store/docker/registry/v2/repositories/{name}/_manifests/revisions/sha256"
        before = {each.name for each in revisions.iterdir()}
        with pytest.raises(RemoteAnswered) as caught:
            await remove_tag(repository.client, name, GOES)
        assert before == {each.name for each in revisions.iterdir()}
        assert "REGISTRY_STORAGE_DELETE_ENABLED=true" in caught.value.diagnostics().next_step

    with docker_registry(tmp_path, deletes=False) as host:
        run_at(host, story, name)


def test_a_tag_that_could_not_be_removed_leads_where_it_led(host: str, name: RepositoryName) -> None:
    """The tag's own deletion and the third of a digest are refused; the first two, trials, are not."""

    async def story(repository: RemoteRepository) -> None:
        manifest = await shared(repository)
        count = itertools.count(1)
        client = RegistryClient(
            Refusing(repository.client.exchange, 405, lambda request: deletes(request) and next(count) not in {2, 3})
        )
        with pytest.raises(RemoteAnswered):
            await remove_tag(client, name, GOES)
        assert manifest == await repository.manifest(GOES)

    run_at(host, story, name)


def test_who_may_not_delete_is_told_so_and_nothing_else_is_tried(host: str, name: RepositoryName) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shared(repository)
        client = RegistryClient(Refusing(repository.client.exchange, 403, deletes))
        with pytest.raises(RemoteDenied):
            await remove_tag(client, name, GOES)

    run_at(host, story, name)


def test_a_tag_that_is_not_there_is_not_made_in_order_to_go(host: str, name: RepositoryName) -> None:
    async def story(repository: RemoteRepository) -> None:
        await shared(repository)
        with pytest.raises(ManifestUnknown):
            await remove_tag(repository.client, name, Tag("never"))
        assert (GOES, STAYS) == await repository.tags()

    run_at(host, story, name)
