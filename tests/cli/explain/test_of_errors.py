"""wharf's own errors in the catalogue: those of delivery lead to their failures, and the others are nobody's guess."""

from typing import Final

import pytest

from tests.house.errors_page import EXAMPLES, family
from wharf import errors
from wharf.cli.explain.of_errors import known_error, match_of
from wharf.doctor.catalogue import known_failures
from wharf.doctor.pattern import Capture
from wharf.errors import WharfError

HOST: Final = "registry.example:5000"
KNOWN = known_failures()
CONFIG: Final = "~/.docker/config.json"

REACHED = [
    ("its name is not known", "registry-name-unknown"),
    ("its name could not be looked up just now", "name-server-fails"),
    ("nobody listens there", "registry-connection-refused"),
    ("no answer in time while the answer was read", "registry-no-answer"),
    ("connection timed out", "registry-no-answer"),
    ("it hung up before it answered", "registry-hangs-up"),
    ("it hung up during the TLS greeting", "registry-hangs-up"),
    ("the connection broke: nothing came for 60 seconds", "registry-hangs-up"),
    ("the TLS connection broke: decryption failed", "registry-hangs-up"),
    ("no route to host", "registry-network-unreachable"),
    ("network is unreachable", "registry-network-unreachable"),
    ("the proxy proxy.example:3128 does not answer: nobody listens there", "proxy-unreachable"),
    ("the proxy proxy.example:3128 asks for a login", "proxy-wants-login"),
    ("the proxy proxy.example:3128 does not let us through", "proxy-does-not-let-through"),
    ("the request was given up", "registry-unreachable"),
]
TRUSTED = [
    ("it does not accept the client certificate", "tls-client-certificate-refused"),
    ("it asks for a client certificate", "tls-client-certificate-refused"),
    ("it breaks the greeting off, as servers do that miss a client certificate", "tls-refused"),
    ("it speaks no version of TLS that is still safe", "tls-no-common-version"),
    (
        "its certificate has no alternative names (SAN); the common name alone is not believed any more",
        "tls-common-name-only",
    ),
    ("its certificate is not valid for the address 10.0.0.5: it has no such IP SAN", "tls-address-not-in-certificate"),
    ("its certificate is not valid for registry.example", "tls-name-not-in-certificate"),
    ("its certificate has expired", "tls-certificate-out-of-date"),
    ("its certificate is not valid yet", "tls-certificate-out-of-date"),
    ("its certificate is signed by itself", "tls-unknown-authority"),
    ("its certificate is signed by an unknown authority", "tls-unknown-authority"),
    ("missing key client.key for client certificate client.cert", "certs-folder-half-a-pair"),
    ("a credential is not sent there in plain HTTP", "registry-speaks-plain-http"),
    ("a file of certificates cannot be read", "tls-refused"),
]
KEPT_TO_THE_PROTOCOL = [
    ("no registry answers here", "not-a-registry"),
    ("a web page answers here, and no registry", "not-a-registry"),
    ("what it answers is not HTTP", "not-a-registry"),
    ("its token service does not answer in JSON", "token-service-unreachable"),
    ("it names a token service without TLS, where credentials are not sent", "token-service-unreachable"),
    ("it demands ever more logins for one request", "token-not-accepted"),
    ("it asks for a login in a way nobody knows", "authentication-scheme-unknown"),
    ("it stored something else than was sent", "pushed-content-broken"),
    ("it answers with another manifest than was asked for", "downloaded-content-broken"),
    ("it miscounts an upload: it has more than was sent", "upload-unknown"),
]
ENGINES = [
    ("unix:///var/run/docker.sock", "no such file or directory", "daemon-not-reachable"),
    ("unix:///var/run/docker.sock", "connection refused", "daemon-not-reachable"),
    ("unix:///var/run/docker.sock", "permission denied", "docker-socket-permission"),
    ("tcp://docker:2375", "connection refused", "daemon-not-reachable-tcp"),
    ("tcp://docker:2375", "name or service not known", "engine-name-unknown"),
]
HELPERS = [
    ("there is no docker-credential-pass on PATH", "", "helper-not-on-path"),
    ("/bin/docker-credential-pass could not be started: Exec format error", "", "helper-not-executable-here"),
    ("it did not answer within 10 seconds", "", "helper-failed"),
    ("its answer is not a JSON object", "", "helper-failed"),
    ("exit code 1", "pass not initialized: exit status 1", "pass-not-initialised"),
    ("exit code 1", "gpg: decryption failed: No secret key", "gpg-no-secret-key"),
]
FILES = [
    ("this is not JSON", "config-not-json"),
    ("it is not whole, and is left as it is", "config-not-json"),
    ("it is no file", "config-is-a-folder"),
    ("permission denied", "config-permission-denied"),
    ("it cannot be written: read-only file system", "config-cannot-be-written"),
    ("another program writes it all the time", "config-in-use-on-windows"),
]
ANSWERS = [
    ("take a blob into team/app", 502, "", "push-answered-with-error"),
    ("take the manifest v1 into team/app", 500, "", "push-answered-with-error"),
    ("take a blob into team/app", 413, "", "push-too-large"),
    ("take the manifest v1 into team/app", 405, "", "push-answered-with-refusal"),
    ("give the manifest v1 of team/app", 503, "", "registry-server-error"),
    ("take a blob into team/app", 403, "DENIED: requested access to the resource is denied", "push-access-denied"),
    ("take a blob into team/app", 403, "DENIED: permission_denied: write_package", "ghcr-write-package-denied"),
    ("give the manifest v1 of team/app", 404, "NAME_UNKNOWN: repository name not known", "repository-unknown"),
    ("take a blob into team/app", 404, "BLOB_UPLOAD_UNKNOWN: blob upload unknown to registry", "upload-unknown"),
    ("give the manifest v1 of team/app", 200, "it answered with a web page, not as a registry does", "not-a-registry"),
]
OTHERS: list[tuple[WharfError, str]] = [
    (errors.ManifestUnknown("team/app", "v1"), "manifest-unknown"),
    (errors.RepositoryUnknown("team/app"), "repository-unknown"),
    (errors.PlatformNotThere("registry.example/app:1", "linux/s390x", ["linux/amd64"]), "platform-not-in-image"),
    (errors.ImageNotThere("the container engine", "team/app:v1"), "pushed-image-not-here"),
    (errors.EngineRefused("load the image", "write /layer.tar: no space left on device"), "disk-full"),
    (
        errors.LoginImpossible("there is no terminal to ask at, and no password was piped in", "x"),
        "login-without-terminal",
    ),
    (
        errors.SettingRefused("HTTPS_PROXY", "…", "the environment", "the address of the proxy names no host"),
        "proxy-unreachable",
    ),
    (errors.PlainHttp(HOST), "registry-speaks-plain-http"),
    (errors.RemoteUnauthenticated(HOST, "let robot in", 401), "login-refused"),
    (errors.RemoteDenied(HOST, "give the manifest v1 of team/app", 403), "access-forbidden"),
    (errors.RateLimited(HOST, "give the manifest v1 of team/app", 429), "registry-asks-to-slow-down"),
    (errors.MalformedTag("-v1", "a tag begins with a letter, a digit or _"), "image-tag-invalid"),
    (errors.StoreFull("data/uploads"), "disk-full"),
]
TABLE: list[tuple[WharfError, str]] = [
    *((errors.Unreachable(HOST, reason), signature) for reason, signature in REACHED),
    *((errors.TlsRefused(HOST, reason), signature) for reason, signature in TRUSTED),
    *((errors.RemoteMisbehaved(HOST, reason), signature) for reason, signature in KEPT_TO_THE_PROTOCOL),
    *((errors.EngineUnreachable(address, reason), signature) for address, reason, signature in ENGINES),
    *((errors.HelperFailed("pass", "get", reason, said=said), signature) for reason, said, signature in HELPERS),
    *((errors.CredentialFileRefused(CONFIG, reason), signature) for reason, signature in FILES),
    *(
        (errors.RemoteAnswered(HOST, did, status, [said] if said else []), signature)
        for did, status, said, signature in ANSWERS
    ),
    *OTHERS,
]
# What the error itself says is all there is to say: nothing of a machine, a way or a registry stands behind it.
NOBODYS_FAILURE: Final = {
    **dict.fromkeys(
        [errors.MalformedDigest, errors.MalformedPlatform, errors.MalformedPlace],
        "an argument that is written wrongly; it tells how it is written",
    ),
    **dict.fromkeys(
        [errors.MalformedJson, errors.MalformedConfig, errors.MalformedArchive, errors.MalformedFile],
        "a document that is wrong in itself; it tells where",
    ),
    **dict.fromkeys(
        [errors.UnreadableFile, errors.FileNotThere],
        "a file of a repository; rules of `wharf doctor` tell of those",
    ),
    **dict.fromkeys(
        [errors.MalformedQuery, errors.MalformedHeader, errors.NoSuchAddress, errors.NotSupported, errors.TooMany],
        "a request that breaks the protocol; whoever wrote the client reads it",
    ),
    errors.RangeNotSatisfiable: "the same",
    errors.StillInUse: "the answer to a wish to delete, which names what stands in its way",
    errors.ImageBroken: "an image that contradicts itself, wherever it lies",
    errors.StoreBusy: "wharf's own store",
    **dict.fromkeys(
        [errors.MalformedLogin, errors.MalformedChoice, errors.MalformedPattern, errors.MalformedField],
        "an argument that is written wrongly; it tells how it is written",
    ),
    **dict.fromkeys(
        [
            errors.EntryUnknown,
            errors.AlreadyThere,
            errors.PartOfImage,
            errors.LastVersion,
            errors.CannotRestore,
            errors.StillNeeded,
            errors.TooManyAttempts,
        ],
        "the answer to a wish, which says what stands in its way",
    ),
    **dict.fromkeys(
        [errors.CredentialRefused, errors.GrantMissing, errors.TagImmutable, errors.QuotaExceeded],
        "wharf's own registry says them; clients, ours too, say what they heard in errors of their own",
    ),
    errors.StoreTooNew: "wharf's own store",
    errors.StartFailed: "wharf's own registry, which tells what keeps it from starting",
}


@pytest.mark.parametrize(("error", "signature"), TABLE, ids=lambda value: str(value)[:60])
def test_an_error_leads_to_its_failure(error: WharfError, signature: str) -> None:
    match = match_of(error, KNOWN)
    assert match is not None
    assert signature == match.signature.id


@pytest.mark.parametrize("error", [error for error, _ in TABLE if isinstance(error, errors.Unreachable)], ids=str)
def test_the_registry_is_taken_out_of_what_an_error_says(error: WharfError) -> None:
    match = match_of(error, KNOWN)
    assert match is not None
    assert HOST == match.captured[Capture.HOST]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_what_is_nobodys_failure_is_taken_for_none(error: WharfError) -> None:
    assert type(error) not in NOBODYS_FAILURE or match_of(error, KNOWN) is None


def test_every_error_is_known_or_nobodys_failure() -> None:
    every = {type(error) for error in EXAMPLES}
    known = {type(error) for error in [*EXAMPLES, *(error for error, _ in TABLE)] if match_of(error, KNOWN)}
    assert every == {*known, *NOBODYS_FAILURE}
    assert {*NOBODYS_FAILURE} <= {*family(WharfError)}


@pytest.mark.parametrize(
    "error",
    [
        errors.RemoteMisbehaved(HOST, "it redirects in a circle"),
        errors.RemoteAnswered(HOST, "delete the tag v1 of team/app", 400),
        errors.ImageNotThere("oci:images", "app:v2", ["app:v1"]),
        errors.CredentialFileRefused("secret.txt", "it is not text in UTF-8"),
        errors.LoginImpossible("a password is kept with a user name", "give one: --username NAME"),
        errors.SettingRefused("workers", "many", "wharf.toml, line 3", "not a whole number"),
    ],
    ids=str,
)
def test_what_says_nothing_of_its_cause_is_taken_for_no_other_failure(error: WharfError) -> None:
    assert match_of(error, KNOWN) is None


def test_every_code_that_a_failure_names_is_one_of_the_tree() -> None:
    codes = {kind.code for kind in family(WharfError)}
    assert set() == {code for signature in KNOWN for code in signature.errors} - codes


def test_in_another_language_its_title_names_the_registry() -> None:
    refused = errors.RemoteUnauthenticated(HOST, "let robot in", 401)
    known = known_error(refused, {"LANG": "ko_KR.UTF-8"}, "linux")
    assert known is not None
    assert HOST in known.lines[0]
    assert f"--registry {HOST}" in known.lines[1]
