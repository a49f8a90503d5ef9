"""docs/errors.md, made from the tree of errors itself: `make errors-page` writes it, a test holds it to the code."""

import re
from collections.abc import Callable, Iterator

from tests.house.sources import ROOT
from wharf import errors
from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.role import Role
from wharf.errors import WharfError
from wharf.oci.config import ImageConfig
from wharf.oci.digest import Digest
from wharf.oci.manifest import parse_manifest
from wharf.oci.platform import Platform
from wharf.oci.reference import Reference, RepositoryName, Tag
from wharf.oci.strict_json import parse_object
from wharf.protocol.paging import parse_page
from wharf.protocol.ranges import parse_content_range
from wharf.registry.http.errors import WIRE_FORMS

PAGE = ROOT / "docs" / "errors.md"
DIGEST, OTHER = "sha256:e3b0c442…", "sha256:9f86d081…"
_HEAD = """# Errors

<!-- Made by `make errors-page` from src/wharf/errors and src/wharf/registry/http/errors.py. -->

Every error that wharf speaks of has a code. On the command line it comes with its cause, what it was seen from, and
what to do next. Over HTTP it comes in the form of the distribution specification, with wharf's own words in `detail`:

    {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "…", "detail": {
        "cause": "…", "evidence": ["…"], "nextStep": "…", "wharfCode": "manifest-unknown", "requestId": "…"}}]}

The words below are examples, spoken by the code itself. An error without a status is met on the command line only.
"""
_TABLE = """
| code | for example | next step | over HTTP |
|---|---|---|---|
"""
_DRAWN = re.compile(r"^    (?P<lines>[│├└─ ]*)(?P<name>\w+)(?: +(?P<says>.+))?$", re.MULTILINE)


def _spoken(parse: Callable[[], object]) -> WharfError:
    try:
        parse()
    except WharfError as error:
        return error
    raise AssertionError("this example was to be refused")


EXAMPLES: tuple[WharfError, ...] = (
    _spoken(lambda: Digest.parse("sha256:1234")),
    _spoken(lambda: RepositoryName.parse("Team/App")),
    _spoken(lambda: Tag.parse("v1.0+build")),
    _spoken(lambda: Reference.parse("registry.example:port/app")),
    _spoken(lambda: Platform.parse("linux")),
    _spoken(lambda: parse_object(b'{"a": 1, "a": 2}')),
    _spoken(lambda: parse_manifest(b"{}", None)),
    _spoken(lambda: ImageConfig.parse(b'{"rootfs": 1}')),
    _spoken(lambda: parse_page("many", None, 100, 1000)),
    _spoken(lambda: parse_content_range("half")),
    _spoken(lambda: Login("crew ")),
    _spoken(lambda: Role.parse("boss")),
    _spoken(lambda: parse_limits(["crew/{app}"])),
    errors.MalformedField("expires_in", "expires_in is a whole number"),
    errors.EntryUnknown("token", "12"),
    errors.Schema1Refused("application/vnd.docker.distribution.manifest.v1+json"),
    errors.RepositoryUnknown("team/ap", ["team/app"]),
    errors.ManifestUnknown("team/app", "453a6545", ["sha-453a654"], "3 minutes ago"),
    errors.BlobUnknown("team/app", DIGEST),
    errors.UploadUnknown("0123abcd"),
    errors.NoSuchAddress("/v2/team/app/tag/list"),
    errors.DigestMismatch(DIGEST, OTHER),
    errors.SizeMismatch(1000, 999),
    errors.ChunkOutOfOrder(1024, 2048),
    errors.RangeNotSatisfiable("bytes=5000-", 2048),
    errors.ClientStopped(1024, "nothing came for 60 seconds"),
    errors.PartsMissing("team/app", [DIGEST]),
    errors.NotAuthenticated("push", "team/app"),
    errors.CredentialRefused("this token was revoked, or has expired"),
    errors.GrantMissing("push", "team/app"),
    errors.Denied("push", "team/app", "the role writer"),
    errors.TooManyAttempts(60),
    errors.AlreadyThere("account", "crew"),
    errors.TagImmutable("team/app", "1.0", "v* of team/*"),
    errors.QuotaExceeded("team", 1 << 30, (1 << 30) - 1000, 4096),
    errors.PartOfImage(DIGEST, [OTHER]),
    errors.LastVersion("team/app", is_tagged=True),
    errors.CannotRestore("team/app", "there is a newer package of this name"),
    errors.StillNeeded("admin", "nobody else administers this registry", "make another administrator first"),
    errors.TooLarge("manifest", 4_194_304),
    errors.TooMany("tags", 100),
    errors.TooBusy("large manifests under way"),
    errors.NotSupported("PATCH", ["DELETE", "GET"]),
    errors.StillInUse(DIGEST, [OTHER]),
    errors.StoreFull("data/uploads"),
    errors.StoreBusy("garbage collection"),
    errors.StoreTooNew(7, 3),
    errors.MalformedArchive("manifest.json", "it is no list of images"),
    errors.MalformedPlace("oci:", "a folder is missing"),
    errors.MalformedFile("compose.yaml", 4, 1, "a tab stands where spaces belong"),
    errors.UnreadableFile("deploy/app.yaml", "it is larger than 4 MiB"),
    errors.ImageNotThere("oci:images", "app:v2", ["app:v1"]),
    errors.PlatformNotThere("registry.example/team/app:v1", "linux/s390x", ["linux/amd64", "linux/arm64"]),
    errors.FileNotThere("scripts/deploy.sh"),
    errors.ImageBroken("oci:images:v1", [f"layer 2 unpacks to {OTHER}, and the configuration says {DIGEST}"]),
    errors.Unreachable("registry.example", "nobody listens on port 443"),
    errors.TlsRefused("registry.example", "its certificate was signed by an unknown authority"),
    errors.PlainHttp("registry.example:5000"),
    errors.RemoteAnswered("registry.example", "push to team/app", 500, ["UNKNOWN: unknown error"]),
    errors.RemoteUnauthenticated("registry.example", "push to team/app", 401),
    errors.RemoteDenied("registry.example", "push to team/app", 403),
    errors.RateLimited("registry.example", "pull team/app", 429),
    errors.RemoteMisbehaved("registry.example", "it redirects in a circle"),
    errors.CredentialFileRefused("~/.docker/config.json", "this is not JSON"),
    errors.HelperFailed("pass", "get", "it did not answer within 10 seconds"),
    errors.LoginImpossible("no password was given", "pipe it in: --password-stdin"),
    errors.EngineUnreachable("unix:///var/run/docker.sock", "no such file"),
    errors.EngineRefused("load the image", "no space left on device"),
    errors.SettingRefused("workers", "many", "wharf.toml, line 3", "not a whole number"),
    errors.AddressTaken("127.0.0.1:5000"),
    errors.StartFailed(errors.StoreBusy("the database").diagnostics()),
)

_NEVER_ON_THE_WIRE = (errors.Misconfigured, errors.RemoteProblem, errors.CredentialProblem, errors.EngineProblem)


def family(kind: type[WharfError]) -> Iterator[type[WharfError]]:
    """The class and all below it, in the order in which they are written."""
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


def drawing() -> list[tuple[int, str, str]]:
    """The tree as it is drawn: how deep a name stands, the name, and the words beside it."""
    _, root, below = (errors.__doc__ or "").partition("    WharfError")
    return [(len(line["lines"]) // 4, line["name"], line["says"] or "") for line in _DRAWN.finditer(root + below)]


def page() -> str:
    return _HEAD + "".join(_section(kind) for kind in WharfError.__subclasses__())


def _section(kind: type[WharfError]) -> str:
    words = next(says for _, name, says in drawing() if name == kind.__name__)
    rows = [_row(example) for below in family(kind) for example in EXAMPLES if type(example) is below]
    return f"\n## {words[:1].upper()}{words[1:]}\n{_TABLE}{''.join(rows)}"


def _row(example: WharfError) -> str:
    said = example.diagnostics()
    return f"| `{example.code}` | {_cell(said.cause)} | {_cell(said.next_step)} | {_wire(type(example))} |\n"


def _wire(kind: type[WharfError]) -> str:
    form = next((WIRE_FORMS[above] for above in kind.__mro__ if above in WIRE_FORMS), None)
    if form is None or issubclass(kind, _NEVER_ON_THE_WIRE):
        return ""
    return f"{form.status or form.row.status} {form.row.code}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
