import base64
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.cases import each
from tests.oidc_issuer import AUDIENCE, DISCOVERY, IssuersKey, OidcIssuer, oidc_issuer
from tests.registry.conftest import HandClock
from wharf.access.secret_text import ANYWHERE
from wharf.testing.registry import Answer, InProcessRegistry

RULES = "/api/wharf/v1/identity-rules"


@pytest.fixture
def guarded(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password="correct horse") as made:
        made.push_image("crew/app", "v1")
        yield made


@pytest.fixture
def issuer(clock: HandClock) -> Iterator[OidcIssuer]:
    with oidc_issuer(clock) as made:
        yield made


@pytest.fixture
def rule(guarded: InProcessRegistry, issuer: OidcIssuer) -> dict[str, Any]:
    return believe(guarded, issuer)


def believe(registry: InProcessRegistry, issuer: OidcIssuer, **changed: object) -> dict[str, Any]:
    rule = {
        "label": "crew's pipeline",
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "subject": "repo:crew/app:*",
        "account": "admin",
        "scopes": ["write:packages"],
        "repositories": ["crew/*"],
        "expires_in": 600,
        **changed,
    }
    answer = registry.request("POST", RULES, json.dumps(rule).encode())
    assert 201 == answer.status, answer
    made: dict[str, Any] = answer.json()
    return made


def exchange(registry: InProcessRegistry, token: str) -> Answer:
    with registry.acting(""):
        return registry.request("POST", "/api/wharf/v1/exchange", json.dumps({"token": token}).encode())


def part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def pulls_with(registry: InProcessRegistry, token: str, name: str = "crew/app") -> int:
    with registry.acting(f"Bearer {token}"):
        return registry.request("GET", f"/v2/{name}/manifests/v1").status


@pytest.mark.usefixtures("rule")
class TestWithARule:
    @pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
    def test_an_identity_token_buys_a_short_token_of_the_account(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, algorithm: str
    ) -> None:
        issuer.keys = [IssuersKey.new("k", algorithm)]
        answer = exchange(guarded, issuer.token())
        assert (201, "admin") == (answer.status, answer.json()["account"])
        assert 200 == pulls_with(guarded, answer.json()["token"])

    def test_what_it_buys_has_the_limits_of_the_rule(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        token = exchange(guarded, issuer.token()).json()["token"]
        guarded.push_image("other/app", "v1")
        assert 404 == pulls_with(guarded, token, "other/app")

    def test_what_it_buys_ends_with_its_life(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, clock: HandClock
    ) -> None:
        token = exchange(guarded, issuer.token()).json()["token"]
        clock.move(601)
        assert 401 == pulls_with(guarded, token)

    def test_what_it_buys_is_recognised_as_a_secret(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        assert ANYWHERE.fullmatch(exchange(guarded, issuer.token()).json()["token"])

    def test_it_buys_no_second_one(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        token = issuer.token()
        assert [201, 401] == [exchange(guarded, token).status, exchange(guarded, token).status]

    def test_a_key_that_came_since_is_learned(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, clock: HandClock
    ) -> None:
        assert 201 == exchange(guarded, issuer.token()).status
        issuer.keys = [IssuersKey.new("second"), *issuer.keys]
        clock.move(11)
        assert 201 == exchange(guarded, issuer.token()).status

    def test_a_key_that_was_taken_away_proves_nothing_after_an_hour(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, clock: HandClock
    ) -> None:
        old = issuer.keys[0]
        assert 201 == exchange(guarded, issuer.token()).status
        issuer.keys = [IssuersKey.new("second")]
        clock.move(3601)
        assert 401 == exchange(guarded, issuer.token(old)).status

    def test_strange_key_names_do_not_make_us_ask_again_and_again(
        self, guarded: InProcessRegistry, issuer: OidcIssuer
    ) -> None:
        for name in ("a", "b", "c", "d"):
            exchange(guarded, issuer.token(header={"kid": name}))
        assert 2 == len(issuer.asked)

    def test_an_issuer_that_is_away_for_a_while_is_believed_by_what_is_known(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, clock: HandClock
    ) -> None:
        assert 201 == exchange(guarded, issuer.token()).status
        issuer.documents[DISCOVERY] = b"<html>Bad gateway</html>"
        clock.move(2 * 3600)
        assert 201 == exchange(guarded, issuer.token()).status
        clock.move(24 * 3600)
        assert 401 == exchange(guarded, issuer.token()).status

    @each(
        "claims",
        [
            {"aud": "somebody.else"},
            {"aud": None},
            {"aud": [["registry.example"]]},
            {"sub": "repo:crew/application:ref:refs/heads/main"},
            {"sub": "repo:crews/app:ref:refs/heads/main"},
            {"sub": None},
            {"iss": "https://issuer.invalid"},
            {"iss": None},
            {"exp": None},
            {"exp": True},
            {"exp": -1},
            {"iat": None},
            {"iat": 1_700_000_000 + 61},
            {"nbf": 1_700_000_000 + 61},
            {"exp": 1_700_000_000 - 61},
        ],
    )
    def test_a_token_that_says_something_else_is_refused(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, claims: dict[str, Any]
    ) -> None:
        assert 401 == exchange(guarded, issuer.token(**claims)).status

    @each("claims", [{"iat": 1_700_000_059}, {"exp": 1_699_999_941}, {"aud": ["a", AUDIENCE]}, {"nbf": None}])
    def test_a_clock_may_be_a_minute_off(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, claims: dict[str, Any]
    ) -> None:
        assert 201 == exchange(guarded, issuer.token(**claims)).status

    def test_what_another_key_signed_under_this_name_is_refused(
        self, guarded: InProcessRegistry, issuer: OidcIssuer
    ) -> None:
        assert 401 == exchange(guarded, issuer.token(IssuersKey.new("first"))).status

    def test_what_nobody_signed_is_refused(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        head, body, _ = issuer.token().split(".")
        claims = jwt.decode(f"{head}.{body}.", options={"verify_signature": False})
        assert 401 == exchange(guarded, jwt.encode(claims, "", "none")).status
        assert 401 == exchange(guarded, f"{head}.{body}.AAAA").status

    def test_the_public_key_is_no_shared_secret(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        head = part(json.dumps({"alg": "HS256", "kid": "first"}).encode())
        signed = f"{head}.{issuer.token().split('.')[1]}"
        proof = hmac.digest(json.dumps(issuer.keys[0].public()).encode(), signed.encode(), "sha256")
        assert 401 == exchange(guarded, f"{signed}.{part(proof)}").status

    def test_a_key_that_the_token_brings_itself_is_not_minded(
        self, guarded: InProcessRegistry, issuer: OidcIssuer
    ) -> None:
        own = IssuersKey.new("own")
        header = {"jwk": own.public(), "jku": f"{issuer.url}/own", "kid": "../../own"}
        assert 401 == exchange(guarded, issuer.token(own, header)).status
        assert "/own" not in issuer.asked

    def test_a_small_rsa_key_proves_nothing(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        issuer.keys = [IssuersKey.new("small", "RS256", bits=1024)]
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = issuer.token()
        assert 401 == exchange(guarded, token).status

    def test_a_key_for_encryption_proves_nothing(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        public = {**issuer.keys[0].public(), "use": "enc"}
        issuer.documents["/keys"] = json.dumps({"keys": [public]}).encode()
        assert 401 == exchange(guarded, issuer.token()).status

    @pytest.mark.parametrize(
        "document",
        [
            b"",
            b"[]",
            b'{"keys": {}}',
            b'{"keys": [7, {}, {"kty": "EC", "kid": "first"}]}',
            b"[" * 100_000,
            b"x" * 300_000,
        ],
    )
    def test_a_strange_document_of_keys_proves_nothing(
        self, guarded: InProcessRegistry, issuer: OidcIssuer, document: bytes
    ) -> None:
        issuer.documents["/keys"] = document
        assert 401 == exchange(guarded, issuer.token()).status

    def test_a_discovery_document_of_somebody_else_is_not_believed(
        self, guarded: InProcessRegistry, issuer: OidcIssuer
    ) -> None:
        lie = {"issuer": "https://somebody.example", "jwks_uri": f"{issuer.url}/keys"}
        issuer.documents[DISCOVERY] = json.dumps(lie).encode()
        assert 401 == exchange(guarded, issuer.token()).status

    def test_we_are_not_sent_elsewhere(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        issuer.redirects["/keys"] = f"{issuer.url}/elsewhere"
        assert 401 == exchange(guarded, issuer.token()).status
        assert "/elsewhere" not in issuer.asked

    @each("text", ["", "x", "a.b.c", "..", "a" * 20_000, "é.é.é", "eyJhbGciOiJFUzI1NiJ9.W10.AA"])
    def test_what_is_no_token_is_refused(self, guarded: InProcessRegistry, text: str) -> None:
        assert exchange(guarded, text).status in {401, 422}

    def test_it_is_noted_who_came(self, guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
        exchange(guarded, issuer.token())
        entry = guarded.request("GET", "/api/wharf/v1/audit?action=token.exchange").json()[0]
        assert "repo:crew/app:ref:refs/heads/main" == entry["details"]["subject"]


def test_without_a_rule_nobody_is_asked_for_keys(guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
    assert 401 == exchange(guarded, issuer.token()).status
    assert [] == issuer.asked


def test_claims_narrow_a_rule(guarded: InProcessRegistry, issuer: OidcIssuer) -> None:
    believe(guarded, issuer, claims={"ref_protected": "true", "environment": "prod*"})
    refused = issuer.token(ref_protected=False, environment="production")
    taken = issuer.token(ref_protected=True, environment="production")
    assert [401, 401, 201] == [exchange(guarded, token).status for token in (refused, issuer.token(), taken)]


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        ("repo:crew/app:ref:refs/heads/main", {"repository": "crew/app", "event_name": "push", "run_id": "17"}),
        ("project_path:crew/app:ref_type:branch:ref:main", {"project_path": "crew/app", "ref_protected": "true"}),
    ],
    ids=["GitHub Actions", "GitLab CI"],
)
def test_jobs_of_ci_come_as_their_rule_says(
    guarded: InProcessRegistry, issuer: OidcIssuer, subject: str, claims: dict[str, str]
) -> None:
    believe(guarded, issuer, subject=subject, claims=claims)
    fork = subject.replace("crew/", "fork/")
    given = [exchange(guarded, issuer.token(None, None, sub=sub, **claims)).status for sub in (subject, fork)]
    assert [201, 401] == given


def test_what_a_rule_gave_ends_with_it(guarded: InProcessRegistry, issuer: OidcIssuer, rule: dict[str, Any]) -> None:
    token = exchange(guarded, issuer.token()).json()["token"]
    assert 204 == guarded.request("DELETE", f"{RULES}/{rule['id']}").status
    assert 401 == pulls_with(guarded, token)
    assert 401 == exchange(guarded, issuer.token()).status


@each(
    "changed",
    [
        {"issuer": "http://issuer.example"},
        {"issuer": "ftp://issuer.example"},
        {"issuer": "https://me@issuer.example"},
        {"subject": "*"},
        {"subject": "*", "claims": {"repository": "*"}},
        {"expires_in": 3601},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"repositories": ["no such pattern"]},
        {"claims": {"a": 7}},
        {"label": ""},
    ],
)
def test_a_rule_that_believes_too_much_is_refused(guarded: InProcessRegistry, changed: dict[str, object]) -> None:
    usual = {"label": "l", "issuer": "https://i.example", "audience": "a", "subject": "s", "account": "admin"}
    body = {**usual, "scopes": ["read:packages"], **changed}
    assert 422 == guarded.request("POST", RULES, json.dumps(body).encode()).status


def test_rules_are_listed(guarded: InProcessRegistry, issuer: OidcIssuer, rule: dict[str, Any]) -> None:
    assert [rule] == guarded.request("GET", RULES).json()


def test_a_label_stands_once(guarded: InProcessRegistry, issuer: OidcIssuer, rule: dict[str, Any]) -> None:
    body = {key: value for key, value in rule.items() if key not in {"id", "created_at"}}
    assert 409 == guarded.request("POST", RULES, json.dumps(body).encode()).status


def test_rules_are_for_administrators(guarded: InProcessRegistry) -> None:
    with guarded.acting(""):
        assert 401 == guarded.request("GET", RULES).status
