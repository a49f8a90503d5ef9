"""What a registry demands, read from its challenges, and which token services are not believed."""

import pytest

from wharf.errors import RemoteMisbehaved
from wharf.protocol.scope import parse_scopes
from wharf.protocol.token_service import Demand, TokenService, read_demand

HUB = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/a:pull"'


def demand(*headers: str, plain_allowed: bool = False) -> Demand:
    return read_demand(headers, "registry.example", plain_allowed=plain_allowed)


def refusal(realm: str, *, plain_allowed: bool = False) -> RemoteMisbehaved:
    with pytest.raises(RemoteMisbehaved) as caught:
        demand(f'Bearer realm="{realm}"', plain_allowed=plain_allowed)
    return caught.value


def test_a_token_service_is_named() -> None:
    scopes = parse_scopes("repository:library/a:pull")
    assert Demand(TokenService("https://auth.docker.io/token", "registry.docker.io", scopes)) == demand(HUB)


def test_name_and_password_are_wanted() -> None:
    assert Demand(basic=True) == demand('Basic realm="Registry"')


@pytest.mark.parametrize("headers", [(HUB, 'Basic realm="x"'), ('Basic realm="x"', HUB), (f'Basic realm="x", {HUB}',)])
def test_both_may_be_offered_in_any_order(headers: tuple[str, ...]) -> None:
    both = demand(*headers)
    assert both.basic
    assert both.token_service is not None


def test_a_challenge_that_cannot_be_read_does_not_spoil_the_next() -> None:
    assert demand('Bearer realm="', HUB).token_service is not None


def test_schemes_are_of_either_case() -> None:
    assert demand("BASIC realm=x").basic
    assert demand('bearer realm="https://a/t"').token_service is not None


def test_too_few_rights_are_told_apart_from_no_login() -> None:
    assert demand(f'{HUB},error="insufficient_scope"').lacks_rights
    assert not demand(HUB).lacks_rights


def test_scopes_of_a_kind_that_nobody_knows_are_left_out() -> None:
    service = demand('Bearer realm="https://a/t",scope="Every Thing"').token_service
    assert service is not None
    assert () == service.scopes


@pytest.mark.parametrize("headers", [(), ("",), ("Negotiate",), ("Bearer",), ("%%%",), ('Digest realm="a",nonce="b"',)])
def test_a_demand_that_nobody_can_meet_is_refused(headers: tuple[str, ...]) -> None:
    with pytest.raises(RemoteMisbehaved):
        demand(*headers)


@pytest.mark.parametrize(
    "realm",
    ["", "token", "/token", "https:///token", "ftp://a/t", "https://a:0/t", "https://a:99999/t", "https://[::1/t",
     "javascript:alert(1)", "https://a/t#b", "https://a b/t", "file:///etc/passwd"],
)  # fmt: skip
def test_a_realm_that_leads_nowhere_is_refused(realm: str) -> None:
    assert "names a token service that is no address" in str(refusal(realm, plain_allowed=True))


def test_a_realm_without_tls_is_refused_where_the_registry_has_it() -> None:
    assert "without TLS" in str(refusal("http://auth.example/token"))


def test_a_realm_without_tls_serves_a_registry_without_it() -> None:
    assert demand('Bearer realm="http://127.0.0.1:5000/token"', plain_allowed=True).token_service is not None


@pytest.mark.parametrize("user", ["a:hunter2", "a", ":hunter2", ""])
def test_a_realm_with_a_user_in_it_is_refused_and_not_shown(user: str) -> None:
    error = refusal(f"https://{user}@auth.example/token", plain_allowed=True)
    assert ("realm: https://auth.example/token",) == error.diagnostics().evidence
