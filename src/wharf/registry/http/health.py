"""Is it alive, may it be sent requests: two answers for whoever runs the registry."""

from wharf.errors import WharfError
from wharf.metadata.store import MetadataStore
from wharf.oci.reference import RepositoryName
from wharf.registry.http.message import Reply, Request, headers

_TEXT = "text/plain; charset=utf-8"
_PROBE = RepositoryName("ready")


class Health:
    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata
        self.leaving = False

    async def reply(self, request: Request) -> Reply | None:
        """None where the address is none of ours."""
        if not request.path.endswith("z"):
            return None
        if request.path == "/healthz":
            return _says(200, "alive\n")
        if request.path == "/readyz":
            return await self._ready()
        return None

    async def _ready(self) -> Reply:
        if self.leaving:
            return _says(503, "stopping\n")
        try:
            await self._metadata.read(lambda ledger: ledger.repositories.find(_PROBE))
        except WharfError as error:
            return _says(503, f"not ready: {error}\n")
        return _says(200, "ready\n")


def _says(status: int, text: str) -> Reply:
    body = text.encode()
    return Reply(status, headers(((b"content-type", _TEXT), (b"content-length", len(body)))), body)
