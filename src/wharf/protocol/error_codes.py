"""The table of errors as they go over the wire: one row for each code, with its status and its standing words.

    {"errors": [{"code": "NAME_UNKNOWN", "message": "…", "detail": …}]}

The first block is the distribution specification's, the second wharf's own, for what the specification has no word
for; clients show a code that they do not know together with its message. Where HTTP has a better status for a case
than the code's own, as 416 for a chunk out of order, whoever answers says so.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from wharf.oci.strict_json import JsonValue


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row: what clients program against, the status, what a person reads, and when it is sent."""

    code: str
    status: int
    message: str
    description: str


BLOB_UNKNOWN = ErrorCode(
    "BLOB_UNKNOWN", 404, "blob unknown to registry", "The repository does not hold a blob of this digest."
)
BLOB_UPLOAD_INVALID = ErrorCode(
    "BLOB_UPLOAD_INVALID", 400, "blob upload invalid", "The upload cannot go on in this way."
)
BLOB_UPLOAD_UNKNOWN = ErrorCode(
    "BLOB_UPLOAD_UNKNOWN", 404, "blob upload unknown to registry", "The upload was finished, cancelled or has expired."
)
DIGEST_INVALID = ErrorCode(
    "DIGEST_INVALID",
    400,
    "provided digest did not match uploaded content",
    "The digest is malformed, of an unknown algorithm, or not that of the content.",
)
# 404, not Distribution's 400: it is the failure that the specification's table of endpoints gives for pushing a
# manifest, and something named is missing, nothing is badly written. Docker and containerd take either for a failure.
MANIFEST_BLOB_UNKNOWN = ErrorCode(
    "MANIFEST_BLOB_UNKNOWN",
    404,
    "manifest references a manifest or blob unknown to registry",
    "The repository lacks parts that the manifest names; each is an entry of its own.",
)
MANIFEST_INVALID = ErrorCode(
    "MANIFEST_INVALID", 400, "manifest invalid", "The manifest is malformed or of a type that is not accepted."
)
MANIFEST_UNKNOWN = ErrorCode(
    "MANIFEST_UNKNOWN", 404, "manifest unknown to registry", "The repository has no such tag or digest."
)
NAME_INVALID = ErrorCode("NAME_INVALID", 400, "invalid repository name", "The name does not follow its grammar.")
NAME_UNKNOWN = ErrorCode(
    "NAME_UNKNOWN", 404, "repository name not known to registry", "There is no such repository, or none to be seen."
)
SIZE_INVALID = ErrorCode(
    "SIZE_INVALID", 400, "provided length did not match content length", "More or fewer bytes came than were announced."
)
UNAUTHORIZED = ErrorCode(
    "UNAUTHORIZED", 401, "authentication required", "The challenge in WWW-Authenticate says how to authenticate."
)
DENIED = ErrorCode(
    "DENIED", 403, "requested access to the resource is denied", "Known who asks, and this may not be done."
)
UNSUPPORTED = ErrorCode(
    "UNSUPPORTED", 405, "the operation is unsupported", "The path exists and does not answer this method."
)
TOOMANYREQUESTS = ErrorCode("TOOMANYREQUESTS", 429, "too many requests", "Retry-After says when to come again.")

SPECIFIED = (
    BLOB_UNKNOWN,
    BLOB_UPLOAD_INVALID,
    BLOB_UPLOAD_UNKNOWN,
    DIGEST_INVALID,
    MANIFEST_BLOB_UNKNOWN,
    MANIFEST_INVALID,
    MANIFEST_UNKNOWN,
    NAME_INVALID,
    NAME_UNKNOWN,
    SIZE_INVALID,
    UNAUTHORIZED,
    DENIED,
    UNSUPPORTED,
    TOOMANYREQUESTS,
)

STORE_FULL = ErrorCode("STORE_FULL", 507, "registry storage is full", "Nothing can be written; reading still works.")
INTERNAL = ErrorCode("INTERNAL", 500, "internal error", "A fault of the registry; its log has the request's id.")

OWN = (STORE_FULL, INTERNAL)

TABLE = (*SPECIFIED, *OWN)


@dataclass(frozen=True, slots=True)
class WireError:
    """A row as it is sent this time: with words of its own, if there are better ones than the standing ones."""

    code: ErrorCode
    message: str = ""
    detail: JsonValue = None

    def to_json(self) -> dict[str, JsonValue]:
        return {"code": self.code.code, "message": self.message or self.code.message, "detail": self.detail}


def error_body(rows: Iterable[WireError | ErrorCode]) -> bytes:
    """The body of an answer. Escaped to ASCII, so that no text from outside can break it."""
    entries: list[JsonValue] = [(WireError(row) if isinstance(row, ErrorCode) else row).to_json() for row in rows]
    return json.dumps({"errors": entries}, separators=(",", ":")).encode("ascii")
