"""Where `gh auth login` and `gh auth refresh` ask for a login on a web page: there is none here, and that is said.

They take an address that does not exist for a reason to open a browser, and wait for it without end. What is refused in
the words of OAuth (RFC 8628, as a form, which is all that `gh` reads) they show, and end.
"""

from typing import Final
from urllib.parse import urlencode

from wharf.errors import NotSupported, WharfError
from wharf.registry.http.errors import error_reply
from wharf.registry.http.message import Reply, Request, headers
from wharf.registry.http.origin import Origin

DEVICE_LOGIN_PATH: Final = "/login/device/code"
_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"
_CODE: Final = "unsupported_grant_type"


class DeviceLoginSite:
    def __init__(self, origin: Origin) -> None:
        self._origin = origin

    def serves(self, path: str) -> bool:
        return path == DEVICE_LOGIN_PATH

    async def reply(self, request: Request) -> Reply:
        if request.method != "POST":
            raise NotSupported(request.method, ["POST"])
        body = urlencode({"error": _CODE, "error_description": _way(self._origin.host(request))}).encode()
        kind = ((b"content-type", _FORM), (b"content-length", len(body)), (b"cache-control", "no-store"))
        return Reply(400, headers(kind), body)

    def refusal(self, error: WharfError, request: Request) -> Reply:
        return error_reply(error, request.request_id)


def _way(host: str) -> str:
    return f"no login on a web page here: `wharf token create {host} | gh auth login --hostname {host} --with-token`"
