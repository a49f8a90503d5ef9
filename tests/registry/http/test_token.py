import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import each
from tests.registry.conftest import HandClock
from wharf.testing.registry import Answer, InProcessRegistry, basic

PASSWORD = "correct horse"
OWN = "/api/wharf/v1"
APP = "repository:crew/app"


@pytest.fixture
def guarded(tmp_path: Path, clock: HandClock) -> Iterator[InProcessRegistry]:
    with InProcessRegistry(tmp_path, clock=clock, admin_password=PASSWORD) as made:
        made.push_image("crew/app", "v1")
        yield made


def as_json(registry: InProcessRegistry, method: str, path: str, **body: object) -> Any:
    answer = registry.request(method, OWN + path, json.dumps(body).encode())
    assert answer.status < 300, answer
    return answer.json() if answer.body else None


def ask(registry: InProcessRegistry, *scopes: str, **more: str) -> dict[str, Any]:
    query = urlencode([("service", "localhost"), *(("scope", scope) for scope in scopes), *more.items()])
    answer = registry.request("GET", f"/token?{query}")
    assert 200 == answer.status, answer
    given: dict[str, Any] = answer.json()
    return given


def post(registry: InProcessRegistry, **form: str) -> Answer:
    with registry.acting(""):
        return registry.request("POST", "/token", urlencode({"service": "localhost", **form}).encode())


def with_token(
    registry: InProcessRegistry, token: str, method: str = "GET", path: str = "crew/app/manifests/v1"
) -> Answer:
    with registry.acting(f"Bearer {token}"):
        return registry.request(method, f"/v2/{path}")


def personal_token(registry: InProcessRegistry, *scopes: str, **more: object) -> dict[str, Any]:
    made: dict[str, Any] = as_json(registry, "POST", "/tokens", label="l", scopes=list(scopes), **more)
    return made


def make_user(registry: InProcessRegistry, login: str = "mara") -> str:
    as_json(registry, "POST", "/users", login=login, password=PASSWORD)
    return basic(login, PASSWORD)


class TestAsking:
    def test_what_is_asked_for_and_allowed_is_granted(self, guarded: InProcessRegistry) -> None:
        assert f"{APP}:pull,push" == ask(guarded, f"{APP}:pull,push")["scope"]

    def test_several_scopes_may_be_told_one_by_one_or_together(self, guarded: InProcessRegistry) -> None:
        assert f"{APP}:pull {APP}2:pull" == ask(guarded, f"{APP}:pull", f"{APP}2:pull")["scope"]
        assert f"{APP}:pull {APP}2:pull" == ask(guarded, f"{APP}:pull {APP}2:pull")["scope"]

    def test_a_star_is_all_that_one_may(self, guarded: InProcessRegistry) -> None:
        assert f"{APP}:delete,pull,push" == ask(guarded, f"{APP}:*")["scope"]

    def test_what_is_not_allowed_is_left_out(self, guarded: InProcessRegistry) -> None:
        token = personal_token(guarded, "read:packages")["token"]
        with guarded.acting(basic("admin", token)):
            assert f"{APP}:pull" == ask(guarded, f"{APP}:pull,push")["scope"]

    def test_who_may_nothing_gets_a_token_for_nothing(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(make_user(guarded)):
            assert "" == ask(guarded, f"{APP}:pull,push")["scope"]

    @each("scope", ["", "x", "repository:", "a:b:c:", "robot:x:pull", "repository:UPPER:pull", "::::"])
    def test_scopes_that_say_nothing_to_us_are_passed_over(self, guarded: InProcessRegistry, scope: str) -> None:
        assert f"{APP}:pull" == ask(guarded, scope, f"{APP}:pull")["scope"]

    def test_too_many_scopes_are_refused(self, guarded: InProcessRegistry) -> None:
        query = urlencode([("scope", f"repository:crew/app{number}:pull") for number in range(101)])
        assert 400 == guarded.request("GET", f"/token?{query}").status

    @settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(st.text(max_size=60))
    def test_any_text_is_a_scope_that_is_granted_or_not(self, guarded: InProcessRegistry, text: str) -> None:
        answer = guarded.request("GET", "/token?" + urlencode({"scope": text, "client_id": text}, errors="replace"))
        assert 200 == answer.status

    def test_it_says_how_long_it_lives(self, guarded: InProcessRegistry) -> None:
        given = ask(guarded)
        assert (300, "2023-11-14T22:13:20Z") == (given["expires_in"], given["issued_at"])
        assert given["token"] == given["access_token"]

    def test_nobody_keeps_the_answer(self, guarded: InProcessRegistry) -> None:
        assert "no-store" == guarded.request("GET", "/token").headers["cache-control"]

    def test_it_says_of_whom_it_is_and_for_which_registry(self, guarded: InProcessRegistry) -> None:
        claims = jwt.decode(ask(guarded, f"{APP}:pull")["token"], options={"verify_signature": False})
        assert ("admin", "localhost") == (claims["sub"], claims["aud"])
        assert [{"type": "repository", "name": "crew/app", "actions": ["pull"]}] == claims["access"]

    def test_a_wrong_password_is_refused(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(basic("admin", "wrong horse")):
            assert 401 == guarded.request("GET", "/token").status

    def test_head_says_nothing(self, guarded: InProcessRegistry) -> None:
        assert b"" == guarded.request("HEAD", "/token").body

    def test_other_methods_are_refused(self, guarded: InProcessRegistry) -> None:
        answer = guarded.request("PUT", "/token")
        assert (405, "GET, HEAD, POST") == (answer.status, answer.headers["allow"])

    def test_a_short_lived_token_buys_no_other(self, guarded: InProcessRegistry) -> None:
        token = ask(guarded, f"{APP}:pull")["token"]
        with guarded.acting(f"Bearer {token}"):
            assert 401 == guarded.request("GET", f"/token?scope={APP}:pull,push").status


class TestPosting:
    def test_a_password_is_good(self, guarded: InProcessRegistry) -> None:
        answer = post(
            guarded, grant_type="password", username="admin", password=PASSWORD, scope=f"{APP}:pull {APP}2:push"
        )
        assert f"{APP}:pull {APP}2:push" == answer.json()["scope"]

    def test_a_personal_token_stands_for_a_password(self, guarded: InProcessRegistry) -> None:
        token = personal_token(guarded, "read:packages")["token"]
        answer = post(guarded, grant_type="password", username="whoever", password=token, scope=f"{APP}:pull")
        assert f"{APP}:pull" == answer.json()["scope"]

    def test_a_login_that_is_kept_goes_on(self, guarded: InProcessRegistry) -> None:
        form = {"grant_type": "password", "username": "admin", "password": PASSWORD, "access_type": "offline"}
        kept = post(guarded, **form).json()["refresh_token"]
        again = post(guarded, grant_type="refresh_token", refresh_token=kept, scope=f"{APP}:pull").json()
        assert (kept, f"{APP}:pull") == (again["refresh_token"], again["scope"])
        assert 200 == with_token(guarded, again["access_token"]).status

    @pytest.mark.slow
    def test_there_is_an_end_to_logins_that_are_kept(self, guarded: InProcessRegistry) -> None:
        kept = [ask(guarded, offline_token="true")["refresh_token"] for _ in range(501)]
        statuses = [post(guarded, grant_type="refresh_token", refresh_token=one).status for one in (kept[0], kept[1])]
        assert [401, 200] == statuses

    @each(
        "form, status",
        [
            ({}, 422),
            ({"grant_type": "magic"}, 422),
            ({"grant_type": "password", "username": "admin"}, 422),
            ({"grant_type": "password", "username": "admin", "password": "wrong horse"}, 401),
            ({"grant_type": "refresh_token"}, 422),
            ({"grant_type": "refresh_token", "refresh_token": "nonsense"}, 401),
        ],
    )
    def test_what_is_not_good_is_refused(self, guarded: InProcessRegistry, form: dict[str, str], status: int) -> None:
        expected = 400 if status == 422 else status  # as the distribution API tells what cannot be read
        assert expected == post(guarded, **form).status

    def test_a_form_that_cannot_be_read_is_refused(self, guarded: InProcessRegistry) -> None:
        assert 400 == guarded.request("POST", "/token", b"\xff\xfe=%zz").status

    def test_a_personal_token_is_no_refresh_token(self, guarded: InProcessRegistry) -> None:
        token = personal_token(guarded, "read:packages")["token"]
        assert 401 == post(guarded, grant_type="refresh_token", refresh_token=token).status

    def test_a_refresh_token_is_nothing_else(self, guarded: InProcessRegistry) -> None:
        kept = ask(guarded, offline_token="true")["refresh_token"]
        for credential in (f"Bearer {kept}", basic("admin", kept)):
            with guarded.acting(credential):
                assert 401 == guarded.request("GET", "/v2/").status


class TestAnonymous:
    def test_what_is_public_may_be_pulled_by_anybody(self, guarded: InProcessRegistry) -> None:
        as_json(guarded, "PATCH", "/packages/crew%2Fapp", visibility="public")
        with guarded.acting(""):
            given = ask(guarded, f"{APP}:pull,push")
        assert f"{APP}:pull" == given["scope"]
        assert 200 == with_token(guarded, given["token"]).status

    def test_what_is_private_looks_like_what_is_not_there(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(""):
            token = ask(guarded, f"{APP}:pull")["token"]
        seen, absent = with_token(guarded, token), with_token(guarded, token, path="crew/nothing/manifests/v1")
        assert [401, 401] == [seen.status, absent.status]
        assert seen.json()["errors"][0]["message"] == absent.json()["errors"][0]["message"]

    def test_nobody_keeps_a_login_of_nobody(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(""):
            assert "refresh_token" not in ask(guarded, offline_token="true")

    def test_the_greeting_takes_a_token_of_nobody(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(""):
            assert 401 == guarded.request("GET", "/v2/").status
            token = ask(guarded)["token"]
        assert 200 == with_token(guarded, token, path="").status


class TestUsing:
    def test_what_it_was_not_asked_for_it_is_not_good_for(self, guarded: InProcessRegistry) -> None:
        answer = with_token(guarded, ask(guarded, f"{APP}:pull")["token"], "DELETE")
        challenge = answer.headers["www-authenticate"]
        assert 401 == answer.status
        assert 'error="insufficient_scope"' in challenge
        assert f'scope="{APP}:delete"' in challenge

    def test_one_that_has_ended_says_so_and_what_to_ask_for(self, guarded: InProcessRegistry, clock: HandClock) -> None:
        token = ask(guarded, f"{APP}:pull")["token"]
        clock.move(300)
        challenge = with_token(guarded, token).headers["www-authenticate"]
        assert 'error="invalid_token"' in challenge
        assert f'scope="{APP}:pull"' in challenge

    def test_the_list_takes_the_grant_for_it(self, guarded: InProcessRegistry) -> None:
        listing = ask(guarded, "registry:catalog:*")["token"]
        assert ["crew/app"] == with_token(guarded, listing, path="_catalog").json()["repositories"]
        assert 401 == with_token(guarded, ask(guarded)["token"], path="_catalog").status

    @each("path", ["/user", f"{OWN}/tokens", f"{OWN}/users", f"{OWN}/audit", "/user/packages?package_type=container"])
    def test_the_api_does_not_take_it(self, guarded: InProcessRegistry, path: str) -> None:
        with guarded.acting(f"Bearer {ask(guarded, f'{APP}:*', 'registry:catalog:*')['token']}"):
            answer = guarded.request("GET", path)
        assert answer.status == 403 or answer.json() == []

    def test_what_was_signed_before_a_new_key_is_still_good(self, guarded: InProcessRegistry) -> None:
        token = ask(guarded, f"{APP}:pull")["token"]
        as_json(guarded, "POST", "/signing-keys/rotate")
        assert 200 == with_token(guarded, token).status
        assert 200 == with_token(guarded, ask(guarded, f"{APP}:pull")["token"]).status

    def test_what_was_signed_with_a_key_that_leaked_is_not(self, guarded: InProcessRegistry) -> None:
        token = ask(guarded, f"{APP}:pull")["token"]
        as_json(guarded, "POST", "/signing-keys/rotate", forget=True)
        assert 401 == with_token(guarded, token).status
        assert 200 == with_token(guarded, ask(guarded, f"{APP}:pull")["token"]).status

    def test_a_key_that_is_old_is_followed_by_another(self, guarded: InProcessRegistry, clock: HandClock) -> None:
        before = jwt.get_unverified_header(ask(guarded)["token"])["kid"]
        clock.move(30 * 86_400)
        assert before != jwt.get_unverified_header(ask(guarded)["token"])["kid"]

    @each("trick", ["none", "HS256", "payload", "kid", "signature"])
    def test_a_token_that_was_made_up_is_refused(self, guarded: InProcessRegistry, trick: str) -> None:
        assert 401 == with_token(guarded, tampered(ask(guarded, f"{APP}:pull")["token"], trick)).status


class TestEnding:
    """A token ends with what it was given for, at the next request."""

    def test_with_the_personal_token(self, guarded: InProcessRegistry) -> None:
        made = personal_token(guarded, "read:packages")
        with guarded.acting(basic("admin", made["token"])):
            given = ask(guarded, f"{APP}:pull", offline_token="true")
        assert 200 == with_token(guarded, given["token"]).status
        as_json(guarded, "DELETE", f"/tokens/{made['id']}")
        assert 401 == with_token(guarded, given["token"]).status
        assert 401 == post(guarded, grant_type="refresh_token", refresh_token=given["refresh_token"]).status

    def test_with_the_password(self, guarded: InProcessRegistry, clock: HandClock) -> None:
        with guarded.acting(make_user(guarded)):
            given = ask(guarded, offline_token="true")
        clock.move(1)
        as_json(guarded, "PATCH", "/users/mara", password="another horse")
        assert 401 == with_token(guarded, given["token"], path="").status
        assert 401 == post(guarded, grant_type="refresh_token", refresh_token=given["refresh_token"]).status

    def test_with_the_account(self, guarded: InProcessRegistry) -> None:
        with guarded.acting(make_user(guarded)):
            given = ask(guarded, offline_token="true")
        as_json(guarded, "PATCH", "/users/mara", disabled=True)
        assert 401 == with_token(guarded, given["token"], path="").status
        assert 401 == post(guarded, grant_type="refresh_token", refresh_token=given["refresh_token"]).status

    def test_a_kept_login_ends_with_the_token_that_it_stands_for(
        self, guarded: InProcessRegistry, clock: HandClock
    ) -> None:
        made = personal_token(guarded, "read:packages", expires_in=3600)
        with guarded.acting(basic("admin", made["token"])):
            kept = ask(guarded, offline_token="true")["refresh_token"]
        clock.move(3600)
        assert 401 == post(guarded, grant_type="refresh_token", refresh_token=kept).status


def tampered(token: str, trick: str) -> str:
    head, body, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(token)["kid"]
    match trick:
        case "none":
            return jwt.encode(claims, "", "none", {"kid": kid})
        case "HS256":
            return jwt.encode(claims, kid * 4, "HS256", {"kid": kid})
        case "payload":
            more = {**claims, "sub": "mara", "account": 2}
            return f"{head}.{base64.urlsafe_b64encode(json.dumps(more).encode()).rstrip(b'=').decode()}.{signature}"
        case "kid":
            return jwt.encode(claims, kid * 4, "HS256", {"kid": "../../dev/null"})
    return f"{head}.{body}.{signature[:-8]}AAAAAAAA"
