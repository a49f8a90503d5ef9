"""Errors on the wire: each error of the tree has one row of the spec's table. The nearest row up the tree counts."""

import logging
from dataclasses import dataclass

from wharf import errors
from wharf.oci.strict_json import JsonValue
from wharf.protocol import error_codes
from wharf.protocol.error_codes import ErrorCode, WireError
from wharf.registry.http.message import Headers, Reply, headers

JSON = "application/json"
_RETRY_SOON = ((b"retry-after", "1"),)
_MOST_PARTS_NAMED = 100
_log = logging.getLogger("wharf.registry")


@dataclass(frozen=True, slots=True)
class WireForm:
    row: ErrorCode
    status: int | None = None
    extra: tuple[tuple[bytes, str], ...] = ()


WIRE_FORMS: dict[type[errors.WharfError], WireForm] = {
    errors.WharfError: WireForm(error_codes.INTERNAL),
    errors.Malformed: WireForm(error_codes.UNSUPPORTED, 400),
    errors.MalformedDigest: WireForm(error_codes.DIGEST_INVALID),
    errors.MalformedName: WireForm(error_codes.NAME_INVALID),
    errors.MalformedTag: WireForm(error_codes.MANIFEST_INVALID),
    errors.MalformedJson: WireForm(error_codes.MANIFEST_INVALID),
    errors.MalformedManifest: WireForm(error_codes.MANIFEST_INVALID),
    errors.MalformedQuery: WireForm(error_codes.UNSUPPORTED, 400),
    errors.MalformedHeader: WireForm(error_codes.SIZE_INVALID),
    errors.RepositoryUnknown: WireForm(error_codes.NAME_UNKNOWN),
    errors.ManifestUnknown: WireForm(error_codes.MANIFEST_UNKNOWN),
    errors.BlobUnknown: WireForm(error_codes.BLOB_UNKNOWN),
    errors.UploadUnknown: WireForm(error_codes.BLOB_UPLOAD_UNKNOWN),
    errors.NoSuchAddress: WireForm(error_codes.UNSUPPORTED, 404),
    errors.NotSupported: WireForm(error_codes.UNSUPPORTED),
    errors.DigestMismatch: WireForm(error_codes.DIGEST_INVALID),
    errors.SizeMismatch: WireForm(error_codes.SIZE_INVALID),
    errors.ChunkOutOfOrder: WireForm(error_codes.BLOB_UPLOAD_INVALID, 416),
    errors.RangeNotSatisfiable: WireForm(error_codes.SIZE_INVALID, 416),
    errors.ClientStopped: WireForm(error_codes.BLOB_UPLOAD_INVALID, 408),
    errors.PartsMissing: WireForm(error_codes.MANIFEST_BLOB_UNKNOWN),
    errors.NotAuthenticated: WireForm(error_codes.UNAUTHORIZED),
    errors.CredentialRefused: WireForm(error_codes.UNAUTHORIZED),
    errors.GrantMissing: WireForm(error_codes.UNAUTHORIZED),
    errors.EntryUnknown: WireForm(error_codes.UNSUPPORTED, 404),
    errors.TooManyAttempts: WireForm(error_codes.TOOMANYREQUESTS),
    errors.AlreadyThere: WireForm(error_codes.UNSUPPORTED, 409),
    errors.TagImmutable: WireForm(error_codes.DENIED),
    errors.QuotaExceeded: WireForm(error_codes.DENIED),
    errors.LastVersion: WireForm(error_codes.UNSUPPORTED, 400),
    errors.PartOfImage: WireForm(error_codes.DENIED, 409),
    errors.CannotRestore: WireForm(error_codes.UNSUPPORTED, 409),
    errors.StillNeeded: WireForm(error_codes.DENIED, 409),
    errors.Denied: WireForm(error_codes.DENIED),
    errors.TooLarge: WireForm(error_codes.SIZE_INVALID, 413),
    errors.TooMany: WireForm(error_codes.UNSUPPORTED, 414),
    errors.TooBusy: WireForm(error_codes.TOOMANYREQUESTS, None, _RETRY_SOON),
    errors.StillInUse: WireForm(error_codes.DENIED, 405),
    errors.StoreFull: WireForm(error_codes.STORE_FULL),
    errors.StoreBusy: WireForm(error_codes.TOOMANYREQUESTS, None, _RETRY_SOON),
    errors.StoreProblem: WireForm(error_codes.INTERNAL, 503, _RETRY_SOON),
}


def wire_form(error: errors.WharfError) -> WireForm:
    return next(WIRE_FORMS[kind] for kind in type(error).__mro__ if kind in WIRE_FORMS)


def error_reply(error: errors.WharfError, request_id: str, extra: Headers = ()) -> Reply:
    tell_of_the_store(error, request_id)
    form = wire_form(error)
    body = error_codes.error_body(_entries(error, form.row, request_id))
    own = headers(((b"content-type", JSON), (b"content-length", len(body)), *form.extra))
    return Reply(form.status or form.row.status, (*own, *hints_of(error), *extra), body)


def hints_of(error: errors.WharfError) -> Headers:
    """What any client needs beside the error's text to go on, wherever it asked."""
    if isinstance(error, errors.NotSupported):
        return headers(((b"allow", ", ".join(error.allowed)),))
    if isinstance(error, errors.TooManyAttempts):
        return headers(((b"retry-after", error.seconds),))
    return ()


def tell_of_the_store(error: errors.WharfError, request_id: str) -> None:
    """To who runs the registry, and can mend it. What another process holds for a moment is no news."""
    if not isinstance(error, errors.StoreProblem) or isinstance(error, errors.StoreBusy):
        return
    spoken = error.diagnostics()
    said = "; ".join([spoken.cause, *spoken.evidence, f"next: {spoken.next_step}"])
    _log.error("request %s was refused: %s", request_id, said)


def unforeseen_reply(request_id: str) -> Reply:
    """What broke is in the log, under the request's id; it is nobody else's business."""
    return error_reply(errors.WharfError("an error inside the registry"), request_id)


def _entries(error: errors.WharfError, row: ErrorCode, request_id: str) -> list[WireError]:
    if row is error_codes.INTERNAL:
        return [WireError(row, row.message, {"requestId": request_id})]
    detail = _detail(error, request_id)
    if isinstance(error, errors.PartsMissing):
        return [_missing_part(row, digest, detail) for digest in error.digests[:_MOST_PARTS_NAMED]]
    cause = error.diagnostics().cause
    return [WireError(row, row.message if cause == row.message else f"{row.message}: {cause}", detail)]


def _missing_part(row: ErrorCode, digest: str, detail: dict[str, JsonValue]) -> WireError:
    """The specification wants an entry for each. A manifest may name thousands, so each speaks of itself alone."""
    own: dict[str, JsonValue] = {"digest": digest, **detail, "evidence": [f"missing: {digest}"]}
    return WireError(row, f"{row.message}: {digest}", own)


def _detail(error: errors.WharfError, request_id: str) -> dict[str, JsonValue]:
    """Where the registry keeps its things is told to its log, not to its clients."""
    spoken = error.diagnostics()
    inside = isinstance(error, errors.StoreProblem)
    return {
        "cause": spoken.cause,
        "evidence": [] if inside else list(spoken.evidence),
        "nextStep": spoken.next_step,
        "wharfCode": error.code,
        "requestId": request_id,
    }
