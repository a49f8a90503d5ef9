"""The search that `docker search HOST/WORDS` asks for: a list of names, in the form of the registries before /v2/.

podman asks here as well, without its login, and only where nothing is found goes on to the list of /v2/ with it. So a
stranger who does not call himself docker is told that there is nothing here.
"""

import json
import re
from typing import Final

from wharf.errors import MalformedQuery, NoSuchAddress, NotSupported, WharfError
from wharf.registry.http.errors import JSON, error_reply
from wharf.registry.http.message import Reply, Request, headers
from wharf.registry.services.listing import Listing

SEARCH_PATH: Final = "/v1/search"
_OF_DOCKER: Final = b"x-docker-token"
_FEW: Final = 25
_MOST: Final = 100  # docker asks for no more
_LONGEST: Final = 255
_is_count: Final = re.compile(r"0*[1-9][0-9]{0,3}").fullmatch
_MEANS_NOTHING_HERE: Final = {"description": "", "star_count": 0, "is_official": False, "is_automated": False}


class SearchSite:
    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    def serves(self, path: str) -> bool:
        return path == SEARCH_PATH

    async def reply(self, request: Request) -> Reply:
        if request.method not in {"GET", "HEAD"}:
            raise NotSupported(request.method, ["GET", "HEAD"])
        if request.caller.account is None and request.header(_OF_DOCKER) is None:
            raise NoSuchAddress(request.path)
        text = _words(request)
        names = await self._listing.holding(request.caller, text.casefold().split(), _limit(request))
        results = [{"name": str(name), **_MEANS_NOTHING_HERE} for name in names]
        body = json.dumps({"query": text, "num_results": len(results), "results": results}).encode()
        return Reply(200, headers(((b"content-type", JSON), (b"content-length", len(body)))), body)

    def refusal(self, error: WharfError, request: Request) -> Reply:
        return error_reply(error, request.request_id)


def _words(request: Request) -> str:
    text = (request.query.get("q") or "").replace("+", " ")  # a space, as a form would write it
    if len(text) > _LONGEST:
        raise MalformedQuery(text[:_LONGEST], f"what is searched for has at most {_LONGEST} characters")
    return text


def _limit(request: Request) -> int:
    text = request.query.get("n") or ""
    return min(int(text), _MOST) if _is_count(text) else _FEW
