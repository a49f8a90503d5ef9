"""Credentials that nobody gave out: whoever comes with one is refused, and never taken for anybody, or for nobody."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.budget import budget
from tests.hostile.probe import Shot, fire
from tests.registry.http.api.peopled import PeopledRegistry
from wharf.access.secret_text import SecretKind, SecretText
from wharf.testing.registry import InProcessRegistry, basic

pytestmark = pytest.mark.slow

SCOPE: Final = "repository:crew/app:pull"
PRIVATE: Final = "/v2/crew/app/manifests/1.0"
PUBLIC: Final = "/v2/crew/open/manifests/1.0"
Claims = dict[str, Any]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PeopledRegistry]:
    with PeopledRegistry(tmp_path_factory.mktemp("peopled")) as made:
        yield made


def statuses(registry: PeopledRegistry, authorization: str) -> set[int]:
    """What all sites answer, also about what is public: a bad credential is none of an anonymous caller."""
    headers = {"authorization": authorization}
    targets = (PRIVATE, PUBLIC, "/v2/", "/v2/_catalog", "/user", "/api/wharf/v1/me", f"/token?scope={SCOPE}")
    return {registry.ask("anonymous", "GET", target, headers=headers).status for target in targets}


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


GARBAGE: Final = (
    *("Bearer", "Bearer ", "Basic", "Basic ", "token", "Bearer  ", "Bearer null", "Bearer undefined"),
    *(
        "Basic !!!",
        "Basic YQ",
        "Basic " + encoded(b"owner"),
        "Basic " + encoded(b":"),
        "Basic " + encoded(b"\xff:\xff"),
    ),
    *(
        "Negotiate YII=",
        "Digest username=owner",
        "AWS4-HMAC-SHA256 x",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer " + "." * 999,
    ),
    *("Basic " + encoded(b"owner:"), "Basic " + encoded(b"crew:"), "Basic " + encoded(b"owner:\x00"), "\x00", ","),
    *("Basic " + encoded(b"' OR 1=1 --:x"), "Bearer " + "a" * 17_000, "Basic " + encoded(b"owner:" + b"p" * 9000)),
    "Bearer " + SecretText.new(SecretKind.PERSONAL).text,
    "Bearer " + SecretText.new(SecretKind.CI).text,
    "Basic " + encoded(f"owner:{SecretText.new(SecretKind.REFRESH).text}".encode()),
)


@pytest.mark.parametrize("authorization", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_credential_is_refused(authorization: str, registry: PeopledRegistry) -> None:
    assert {401} == statuses(registry, authorization)


@budget(60)
@given(
    scheme=st.sampled_from(["Basic", "Bearer", "token", "bEARER", ""]), rest=st.text(st.characters(max_codepoint=255))
)
def test_whatever_is_sent_is_refused(registry: PeopledRegistry, scheme: str, rest: str) -> None:
    assert {401} == statuses(registry, f"{scheme} {rest}")


def test_one_letter_less_or_more_is_no_token(registry: PeopledRegistry) -> None:
    good = registry.secrets["owner"]

    for bad in (good[:-1], good + "a", good.swapcase(), good[:12] + ("a" if good[12] != "a" else "b") + good[13:]):
        assert {401} == statuses(registry, f"Bearer {bad}")


def parts_of(token: str) -> tuple[Claims, Claims, str]:
    head, claims, signature = token.split(".")
    return opened(head), opened(claims), signature


def opened(part: str) -> Claims:
    found: Claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def closed(document: Mapping[str, object]) -> str:
    return unpadded(json.dumps(document).encode())


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def docker_token(registry: PeopledRegistry) -> str:
    return registry.docker_token("owner", SCOPE)


def test_the_token_itself_is_good(registry: PeopledRegistry, docker_token: str) -> None:
    assert 200 == registry.ask_with(docker_token, "GET", PRIVATE).status


ALGORITHMS: Final = ("none", "None", "NONE", "", "HS256", "HS512", "RS256", "ES256", "EdDSA")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("signed", [b"", b"a" * 64], ids=["without a signature", "with another"])
def test_no_algorithm_of_the_token_s_own_choice(
    registry: PeopledRegistry, docker_token: str, algorithm: str, signed: bytes
) -> None:
    head, claims, _ = parts_of(docker_token)
    forged = f"{closed({**head, 'alg': algorithm})}.{closed(claims)}.{unpadded(signed)}"

    assert {401} == statuses(registry, f"Bearer {forged}")


@pytest.mark.parametrize("key", [b"", b"secret", b"wharf"])
def test_nothing_that_was_signed_with_a_shared_secret(registry: PeopledRegistry, docker_token: str, key: bytes) -> None:
    head, claims, _ = parts_of(docker_token)
    said = f"{closed({**head, 'alg': 'HS256'})}.{closed(claims)}"
    forged = f"{said}.{unpadded(hmac.new(key, said.encode(), hashlib.sha256).digest())}"

    assert {401} == statuses(registry, f"Bearer {forged}")


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR '1'='1", "", None, 1, ["a"], {"a": 1}, "a" * 9000, "\u0000"])
def test_a_key_that_nobody_has(registry: PeopledRegistry, docker_token: str, kid: object) -> None:
    head, claims, signature = parts_of(docker_token)
    forged = f"{closed({**head, 'kid': kid})}.{closed(claims)}.{signature}"

    assert {401} == statuses(registry, f"Bearer {forged}")


@pytest.mark.parametrize(
    "change",
    [
        {"access": [{"type": "repository", "name": "crew/app", "actions": ["pull", "push", "delete"]}]},
        {"sub": "administrator"},
        {"account": 1},
        {"token": 1},
        {"exp": 99_999_999_999},
        {"aud": "elsewhere"},
    ],
)
def test_nothing_in_it_can_be_changed(registry: PeopledRegistry, docker_token: str, change: Claims) -> None:
    head, claims, signature = docker_token.split(".")
    forged = f"{head}.{closed({**opened(claims), **change})}.{signature}"

    assert {401} == statuses(registry, f"Bearer {forged}")


@pytest.mark.parametrize("more", [{"crit": ["b64"]}, {"jwk": {"kty": "OKP"}}, {"jku": "http://127.0.0.1:9/keys"}])
def test_a_head_that_brings_its_own_key(registry: PeopledRegistry, docker_token: str, more: Claims) -> None:
    head, claims, signature = parts_of(docker_token)
    forged = f"{closed({**head, **more})}.{closed(claims)}.{signature}"

    assert {401} == statuses(registry, f"Bearer {forged}")


def test_a_token_of_another_registry(registry: PeopledRegistry, tmp_path_factory: pytest.TempPathFactory) -> None:
    with PeopledRegistry(tmp_path_factory.mktemp("another")) as another:
        short, long = another.docker_token("owner", SCOPE), another.secrets["owner"]

    assert {401} == statuses(registry, f"Bearer {short}")
    assert {401} == statuses(registry, f"Bearer {long}")


def test_a_short_lived_token_buys_no_other(registry: PeopledRegistry, docker_token: str) -> None:
    assert 401 == registry.ask_with(docker_token, "GET", f"/token?scope={SCOPE},push").status


def test_a_short_lived_token_makes_none_that_lives_long(registry: PeopledRegistry, docker_token: str) -> None:
    body = json.dumps({"scopes": ["read:packages"]}).encode()

    assert registry.ask_with(docker_token, "POST", "/api/wharf/v1/tokens", body).status in {401, 403}


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-user": "administrator", "x-remote-user": "administrator"},
        {"x-original-url": PUBLIC, "x-rewrite-url": PUBLIC},
        {"x-http-method-override": "GET", "x-method-override": "GET"},
        {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "forwarded": "for=127.0.0.1"},
        {"x-forwarded-host": "elsewhere.example", "x-forwarded-server": "elsewhere.example"},
        {"cookie": "session=administrator", "proxy-authorization": "Basic YTpi"},
    ],
)
def test_no_other_header_says_who_comes(registry: PeopledRegistry, headers: dict[str, str]) -> None:
    plain = registry.ask("anonymous", "GET", PRIVATE, headers={"x-request-id": "same"})

    assert plain == registry.ask("anonymous", "GET", PRIVATE, headers={"x-request-id": "same", **headers})


@pytest.mark.parametrize("host", ["elsewhere.example", 'a" evil="', "a\\b", "a b", "user@host", "", "a/b", "x" * 300])
def test_a_challenge_cannot_be_broken_by_the_name_that_was_asked(registry: PeopledRegistry, host: str) -> None:
    answer = registry.ask("anonymous", "GET", "/v2/", headers={"host": host})

    assert 401 == answer.status
    assert 4 == answer.headers["www-authenticate"].count('"')


@pytest.mark.parametrize("second", [basic("admin", "correct horse"), basic("admin", "another"), "Bearer x", ""])
def test_two_credentials_are_none(tmp_path: Path, second: str) -> None:
    good = basic("admin", "correct horse")
    with InProcessRegistry(tmp_path, admin_password="correct horse") as registry:
        for first, last in ((good, second), (second, good)):
            lines = [(b"authorization", first.encode()), (b"authorization", last.encode())]
            assert 401 == fire(registry, Shot("GET", b"/v2/", lines)).status
