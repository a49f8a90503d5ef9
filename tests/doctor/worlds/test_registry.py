"""Registries and token services that fail in one way each, and logins that are not what they should be."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.raw_server import Behaviour, RawServer, Talk, by_path, good
from tests.client.token_service import Account, House, serving
from tests.client.tokens import written
from tests.doctor.worlds.around_a_registry import logged_in, world_about
from tests.doctor.worlds.shelf import Shelf
from tests.doctor.worlds.world import World
from wharf.testing.registry_process import free_port

READING = frozenset({"pull"})
NO_TOKEN = (
    "failed to authorize: failed to fetch oauth token: authorization server did not include a token in the response"
)
NOT_TAKEN = 'level=warning msg="error authorizing context: invalid token"'
WANTS_LOGIN = 'Head "http://{}/v2/acme/app/manifests/1.0": unauthorized: authentication required'
PAGE = b"<html><head><title>Welcome</title></head></html>"
NOT_JSON = "error parsing HTTP 200 response body: invalid character '<' looking for beginning of value"


def causes(home: Path, behave: Behaviour, text: str) -> tuple[str, list[str]]:
    with RawServer(behave) as server:
        return world_about(home, server.host).causes_of(text.format(server.host))


class TestTokenServices:
    @pytest.mark.parametrize(
        ("cause", "realm"),
        [
            ("realm-name-unknown", "http://auth.invalid/token"),
            ("realm-silent", f"http://127.0.0.1:{free_port()}/token"),
            ("realm-tls", "https://{host}/token"),
            ("realm-malformed", "/token"),
            ("realm-answers-with-error", "http://{host}/v1/token"),
        ],
    )
    def test_an_address_that_is_of_no_use(self, tmp_path: Path, cause: str, realm: str) -> None:
        behave = by_path(v2=wanting(lambda host: realm.replace("{host}", host)))

        assert ("token-service-unreachable", [cause]) == causes(tmp_path, behave, NO_TOKEN)

    def test_it_answers_without_a_token(self, tmp_path: Path) -> None:
        behave = by_path(v2=wanting(), token=good)

        assert ("token-service-unreachable", ["realm-answers-with-error"]) == causes(tmp_path, behave, NO_TOKEN)

    def test_its_tokens_are_for_another_service(self, tmp_path: Path) -> None:
        token = written(aud="another-registry", access=[])
        behave = by_path(v2=wanting(takes=False), token=giving(token))

        assert ("token-not-accepted", ["another-service"]) == causes(tmp_path, behave, NOT_TAKEN)

    def test_the_registry_does_not_know_its_key(self, tmp_path: Path) -> None:
        token = written(aud="a-registry", access=[])
        behave = by_path(v2=wanting(takes=False), token=giving(token))

        assert ("token-not-accepted", ["another-key"]) == causes(tmp_path, behave, NOT_TAKEN)

    def test_the_clock_of_the_registry_is_not_that_of_the_token_service(self, tmp_path: Path) -> None:
        then = int(time.time()) - 7200
        token = written(aud="a-registry", access=[], nbf=then, exp=then + 300)
        with RawServer(by_path(v2=wanting(takes=False), token=giving(token))) as server:
            world = world_about(tmp_path, server.host)
            slow = World(replace(world.scene, clock=lambda: datetime.now(UTC) - timedelta(hours=2)))

            assert ("token-not-accepted", ["clock-off"]) == slow.causes_of(NOT_TAKEN)
            assert ("token-not-accepted", ["token-service-clock"]) == world.causes_of(NOT_TAKEN)

    def test_what_docker_says_of_a_token_that_is_not_taken(self, tmp_path: Path) -> None:
        token = written(aud="another-registry", access=[])
        behave = by_path(v2=wanting(takes=False), token=giving(token))

        assert ("authentication-required", ["token-not-accepted"]) == causes(tmp_path, behave, WANTS_LOGIN)

    def test_what_docker_says_where_it_cannot_be_called(self, tmp_path: Path) -> None:
        nobody = f"127.0.0.1:{free_port()}"
        behave = by_path(v2=wanting(lambda _: f"http://{nobody}/token"))
        text = (
            f'Error response from daemon: Head "http://{{0}}/v2/acme/app/manifests/1.0": Get "http://{nobody}/token?'
            f'scope=repository%3Aacme%2Fapp%3Apull&service=reg": dial tcp {nobody}: connect: connection refused'
        )

        assert ("token-service-unreachable", ["realm-silent"]) == causes(tmp_path, behave, text)

    def test_what_skopeo_says_where_it_cannot_be_called(self, tmp_path: Path) -> None:
        nobody = f"127.0.0.1:{free_port()}"
        behave = by_path(v2=wanting(lambda _: f"http://{nobody}/token"))
        text = (
            'level=fatal msg="Error parsing image name \\"docker://{0}/acme/app:1.0\\": Get \\"'
            f'http://{nobody}/token?scope=repository%3Aacme%2Fapp%3Apull&service=reg\\": '
            f'dial tcp {nobody}: connect: connection refused"'
        )

        assert ("token-service-unreachable", ["realm-silent"]) == causes(tmp_path, behave, text)

    def test_it_fails_and_docker_says_that_of_the_registry(self, tmp_path: Path) -> None:
        behave = by_path(v2=wanting(), token=lambda talk: talk.say(500, b"{}"))
        text = 'Head "http://{}/v2/acme/app/manifests/1": received unexpected HTTP status: 500 Internal Server Error'

        assert ("registry-server-error", ["token-service-fails"]) == causes(tmp_path, behave, text)

    def test_a_scheme_that_docker_does_not_know(self, tmp_path: Path) -> None:
        text = 'Error response from daemon: Get "https://{}/v2/": unsupported auth scheme: negotiate'

        assert ("authentication-scheme-unknown", ["another-scheme"]) == causes(
            tmp_path, lambda talk: talk.say(401, www_authenticate="Negotiate"), text
        )


class TestWhatStandsThere:
    def test_a_web_site(self, tmp_path: Path) -> None:
        behave: Behaviour = lambda talk: talk.say(200, PAGE, content_type="text/html")  # noqa: E731

        assert ("not-a-registry", ["web-site"]) == causes(tmp_path, behave, NOT_JSON)

    def test_a_reverse_proxy_that_does_not_know_of_a_registry(self, tmp_path: Path) -> None:
        behave: Behaviour = lambda talk: talk.say(404, PAGE, content_type="text/html", server="nginx/1.25.3")  # noqa: E731

        assert ("not-a-registry", ["reverse-proxy-drops-v2"]) == causes(tmp_path, behave, NOT_JSON)

    def test_a_page_to_log_in_on(self, tmp_path: Path) -> None:
        behave: Behaviour = lambda talk: talk.say(302, location="https://sso.example/login?rd=/v2/")  # noqa: E731

        assert ("not-a-registry", ["login-page-in-front"]) == causes(tmp_path, behave, NOT_JSON)

    def test_a_registry_that_is_down(self, tmp_path: Path) -> None:
        text = "Error response from daemon: received unexpected HTTP status: 503 Service Unavailable"

        assert ("registry-server-error", ["down-now"]) == causes(tmp_path, lambda talk: talk.say(503), text)

    def test_nobody_behind_the_one_in_front(self, tmp_path: Path) -> None:
        text = "Error response from daemon: received unexpected HTTP status: 502 Bad Gateway"
        behave: Behaviour = lambda talk: talk.say(502, PAGE, server="nginx")  # noqa: E731

        assert ("registry-server-error", ["back-end-away"]) == causes(tmp_path, behave, text)

    def test_a_limit_of_nginx_for_what_is_pushed(self, tmp_path: Path) -> None:
        text = "error parsing HTTP 413 response body: 413 Request Entity Too Large"

        assert ("push-too-large", ["nginx-limit"]) == causes(
            tmp_path, lambda talk: talk.say(200, b"{}", server="nginx/1.18.0"), text
        )


class TestLogins:
    @pytest.fixture
    def house(self) -> House:
        shelf = Shelf()
        shelf.image("team/app", "1.0")
        return House({"someone": Account("a-secret-word", {"team/*": READING})}, answer=shelf.answer)

    def test_a_wrong_password(self, tmp_path: Path, house: House) -> None:
        with serving(house) as host:
            logged_in(tmp_path, host, password="another-word")
            world = world_about(tmp_path, f"{host}/team/app:1.0")

            assert ("login-refused", ["refused"]) == world.causes_of(
                f"Error response from daemon: login attempt to https://{host}/v2/ failed with status: 401 Unauthorized"
            )

    def test_a_stale_login_for_an_image_that_everybody_may_pull(self, tmp_path: Path, house: House) -> None:
        house.rights_of_anybody = {"team/*": READING}
        with serving(house) as host:
            logged_in(tmp_path, host, password="another-word")
            world = world_about(tmp_path, f"{host}/team/app:1.0")

            assert ("ghcr-denied", ["stale-credential-on-public-image"]) == world.causes_of(
                f'Error response from daemon: Head "https://{host}/v2/team/app/manifests/1.0": denied: denied'
            )

    def test_nobody_is_logged_in(self, tmp_path: Path, house: House) -> None:
        with serving(house) as host:
            image = f"{host}/team/app"
            world = world_about(tmp_path, f"{image}:1.0")

            assert ("pull-access-denied", ["not-logged-in"]) == world.causes_of(
                f"Error response from daemon: pull access denied for {image}, repository does not exist or may require "
                "'docker login'"
            )

    def test_a_good_login_and_a_path_that_was_never_pushed(self, tmp_path: Path, house: House) -> None:
        with serving(house) as host:
            logged_in(tmp_path, host)
            world = world_about(tmp_path, f"{host}/team/none:1.0")

            assert ("pull-access-denied", ["nothing-of-this-name"]) == world.causes_of(
                f"Error response from daemon: pull access denied for {host}/team/none, repository does not exist or "
                "may require 'docker login'"
            )

    def test_a_stale_login_that_podman_calls_a_wrong_password(self, tmp_path: Path, house: House) -> None:
        house.rights_of_anybody = {"team/*": READING}
        with serving(house) as host:
            logged_in(tmp_path, host, password="another-word")
            world = world_about(tmp_path, f"{host}/team/app:1.0")

            assert ("login-refused", ["stale-on-public-image"]) == world.causes_of(
                "unable to retrieve auth token: invalid username/password: unauthorized: incorrect username or password"
            )

    def test_an_image_that_everybody_may_pull_by_now(self, tmp_path: Path, house: House) -> None:
        house.rights_of_anybody = {"team/*": READING}
        with serving(house) as host:
            world = world_about(tmp_path, f"{host}/team/app:1.0")

            assert ("authentication-required", ["open-to-everybody-now"]) == world.causes_of(
                f'Head "http://{host}/v2/team/app/manifests/1.0": unauthorized: authentication required'
            )

    def test_a_login_that_is_good_for_nothing_there(self, tmp_path: Path, house: House) -> None:
        with serving(house) as host:
            logged_in(tmp_path, host)
            world = world_about(tmp_path, f"{host}/others/app:1.0")

            assert ("access-forbidden", ["account-not-entitled"]) == world.causes_of(
                f"unexpected status from HEAD request to https://{host}/v2/others/app/manifests/1.0: 403 Forbidden"
            )

    def test_a_login_that_may_only_read(self, tmp_path: Path, house: House) -> None:
        with serving(house) as host:
            logged_in(tmp_path, host)
            world = world_about(tmp_path, f"{host}/team/app:1.0")

            assert ("push-access-denied", ["may-only-read"]) == world.causes_of(
                "denied: requested access to the resource is denied"
            )

    def test_an_ecr_token_of_yesterday(self, tmp_path: Path) -> None:
        def door(talk: Talk) -> None:
            said = {"errors": [{"code": "DENIED", "message": "Your authorization token has expired."}]}
            status = 403 if "authorization" in talk.request.headers else 401
            talk.say(status, json.dumps(said).encode(), www_authenticate='Basic realm="ecr"')

        with RawServer(door) as server:
            logged_in(tmp_path, server.host, "AWS")

            assert ("ecr-token-expired", ["older-than-twelve-hours"]) == world_about(tmp_path, server.host).causes_of(
                "denied: Your authorization token has expired. Reauthenticate and try again."
            )


class TestDoors:
    def test_everybody_is_sent_elsewhere(self, tmp_path: Path) -> None:
        def behave(talk: Talk) -> None:
            talk.say(301, location="https://registry.invalid/v2/")

        assert ("not-a-registry", ["sent-elsewhere"]) == causes(tmp_path, behave, NOT_JSON)

    def test_it_refuses_and_does_not_say_how_to_log_in(self, tmp_path: Path) -> None:
        text = "reading manifest 1.0 in {}/acme/app: unauthorized"

        assert ("authentication-required", ["no-way-to-log-in"]) == causes(tmp_path, lambda talk: talk.say(401), text)

    def test_it_lets_in_only_those_of_a_list(self, tmp_path: Path) -> None:
        text = "pinging container registry {}: invalid status code from registry 403 (Forbidden)"

        assert ("access-forbidden", ["front-refuses"]) == causes(tmp_path, lambda talk: talk.say(403), text)

    def test_a_digest_that_was_cleaned_up(self, tmp_path: Path) -> None:
        shelf = Shelf()
        shelf.image("acme/app", "1.0")
        digest = f"sha256:{'1' * 64}"
        text = f"manifest for {{0}}/acme/app@{digest} not found: manifest unknown: manifest unknown"

        assert ("manifest-unknown", ["digest-gone"]) == causes(tmp_path, shelf.behave, text)


class TestLimits:
    TEXT = "toomanyrequests: You have reached your pull rate limit. You may increase the limit by upgrading"

    def test_an_account_that_has_used_its_pulls(self, tmp_path: Path) -> None:
        def door(talk: Talk) -> None:
            if "authorization" not in talk.request.headers:
                return talk.say(401, www_authenticate="Basic realm=x")
            if "/manifests/" not in talk.request.target:
                return talk.say(200, b"{}")
            return talk.say(429, ratelimit_limit="200;w=21600", ratelimit_remaining="0;w=21600")

        with RawServer(door) as server:
            logged_in(tmp_path, server.host)
            world = world_about(tmp_path, f"{server.host}/team/app:1.0")

            assert ("pull-rate-limit", ["account-used-up"]) == world.causes_of(self.TEXT)

    def test_an_address_that_everybody_shares(self, tmp_path: Path) -> None:
        with RawServer(lambda talk: talk.say(429, ratelimit_limit="100", ratelimit_remaining="0")) as server:
            world = world_about(tmp_path, f"{server.host}/team/app:1.0")

            assert ("pull-rate-limit", ["anonymous"]) == world.causes_of(self.TEXT)


def wanting(realm: Callable[[str], str] = lambda host: f"http://{host}/token", *, takes: bool = True) -> Behaviour:
    """It wants a token; `takes`: and is content with any."""

    def behave(talk: Talk) -> None:
        if takes and talk.request.headers.get("authorization", "").startswith("Bearer "):
            return good(talk)
        now = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
        challenge = f'Bearer realm="{realm(talk.request.headers["host"])}",service="a-registry"'
        return talk.say(401, b"{}", www_authenticate=challenge, date=now)

    return behave


def giving(token: str) -> Behaviour:
    return lambda talk: talk.say(200, json.dumps({"token": token}).encode())
