from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases import each
from tests.registry.conftest import HandClock
from tests.registry.http.api.api_caller import PASSWORD, ApiCaller, administrator
from wharf.access.secret_text import SecretKind, SecretText, recognised
from wharf.registry.services.identity.attempts import WITH_ADDRESS
from wharf.testing.registry import InProcessRegistry, basic

DAY = 86_400
SCOPES = ["read:packages", "write:packages", "delete:packages", "admin"]


@pytest.fixture
def admin(tmp_path: Path, clock: HandClock) -> Iterator[ApiCaller]:
    """Of a registry with an organisation `crew`, its service `crew+ci`, and its owner `alice`."""
    with InProcessRegistry(tmp_path, admin_password=PASSWORD, clock=clock) as registry:
        admin = administrator(registry)
        admin.post("/orgs", {"login": "crew"})
        admin.user("alice")
        admin.put("/orgs/crew/members/alice", {"role": "owner"})
        admin.post("/orgs/crew/services", {"name": "ci", "role": "writer"})
        yield admin


@pytest.fixture
def alice(admin: ApiCaller) -> ApiCaller:
    return ApiCaller(admin.registry, basic("alice", PASSWORD))


def test_a_token_is_told_once_with_all_that_it_is_for(alice: ApiCaller) -> None:
    made = alice.made("read:packages", label="laptop", repositories=["crew/*"])
    assert recognised(made["token"]) is not None
    assert ("alice", "pat", "laptop", ["read:packages"], ["crew/*"], "good") == (
        made["account"],
        made["kind"],
        made["label"],
        made["scopes"],
        made["repositories"],
        made["state"],
    )
    listed = alice.get("/tokens")
    assert made["token"] not in listed.body.decode()
    assert [{name: value for name, value in made.items() if name != "token"}] == listed.json()


def test_a_token_ends_after_ninety_days_unless_told_else(alice: ApiCaller, clock: HandClock) -> None:
    token = alice.token("read:packages")
    clock.move(90 * DAY - 1)
    assert token.get("/users/alice").status == 200
    clock.move(1)
    assert token.get("/users/alice").status == 401
    assert alice.get("/tokens").json()[0]["state"] == "expired"


@each(
    "wish",
    [
        {},
        {"scopes": []},
        {"scopes": ["repo"]},
        {"scopes": "admin"},
        {"scopes": ["admin"], "expires_in": 0},
        {"scopes": ["admin"], "expires_in": 59},
        {"scopes": ["admin"], "expires_in": 367 * DAY},
        {"scopes": ["admin"], "expires_in": True},
        {"scopes": ["admin"], "repositories": ["Crew/[a]"]},
        {"scopes": ["admin"], "repositories": ["crew/app"] * 51},
        {"scopes": ["admin"], "account": "not a name"},
        {"scopes": ["admin"], "label": "x" * 101},
    ],
)
def test_what_cannot_be_a_token_is_refused(alice: ApiCaller, wish: dict[str, object]) -> None:
    assert alice.post("/tokens", wish).status == 422


def test_a_token_makes_none_that_lives_longer(alice: ApiCaller) -> None:
    first = alice.made("admin", expires_in=DAY)
    second = alice.bearer(first["token"]).made("admin")
    assert first["expires_at"] == second["expires_at"]
    refused = alice.bearer(first["token"]).post("/tokens", {"scopes": ["admin"], "expires_in": 2 * DAY + 1})
    assert (422, "ask for 1 day at most, or log in anew") == (refused.status, refused.json()["wharf"]["nextStep"])


def test_who_logged_in_a_moment_ago_gets_a_token_that_ends_with_the_login(alice: ApiCaller, clock: HandClock) -> None:
    login = alice.made("admin", expires_in=90 * DAY)
    clock.move(60)
    token = alice.bearer(login["token"]).made("read:packages", expires_in=90 * DAY)
    assert login["expires_at"] == token["expires_at"]


def test_a_token_makes_none_for_more_repositories(alice: ApiCaller) -> None:
    limited = alice.token("admin", repositories=["crew/a*", "alice/*"])
    wishes: tuple[list[str], ...] = (
        ["crew/app"],
        ["crew/a*", "crew/abc"],
        ["crew/*"],
        ["*"],
        [],
        ["crew/app", "other/app"],
    )
    assert [201, 201, 403, 403, 403, 403] == [
        limited.post("/tokens", {"scopes": ["read:packages"], "repositories": wish}).status for wish in wishes
    ]


@pytest.mark.parametrize("scope", ["read:packages", "write:packages", "delete:packages"])
def test_a_token_without_the_scope_admin_neither_makes_nor_lists_nor_revokes(alice: ApiCaller, scope: str) -> None:
    other = alice.made("admin")
    limited = alice.token(scope)
    answers = [
        limited.post("/tokens", {"scopes": [scope]}),
        limited.get("/tokens"),
        limited.delete("/tokens"),
        limited.delete(f"/tokens/{other['id']}"),
        limited.post(f"/tokens/{other['id']}/rotate", {}),
    ]
    assert [403] * 5 == [answer.status for answer in answers]
    assert "admin" in answers[0].json()["message"]


def test_a_short_lived_docker_token_buys_nothing(alice: ApiCaller) -> None:
    with alice.registry.acting(alice.authorization):
        given = alice.registry.request("GET", "/token?service=localhost&scope=repository:crew/app:pull").json()
    docker = alice.bearer(given["token"])
    assert [403, 403, 403] == [
        docker.post("/tokens", {"scopes": SCOPES}).status,
        docker.get("/tokens").status,
        docker.delete("/tokens").status,
    ]


def test_owners_look_after_the_tokens_of_services(admin: ApiCaller, alice: ApiCaller) -> None:
    made = alice.made("write:packages", account="crew+ci")
    assert [made["id"]] == [each["id"] for each in alice.get("/tokens?account=crew%2Bci").json()]
    assert alice.delete(f"/tokens/{made['id']}").status == 204
    assert alice.bearer(made["token"]).get("/orgs").status == 401


def test_strangers_do_not(admin: ApiCaller, alice: ApiCaller) -> None:
    made, stranger = alice.made("write:packages", account="crew+ci"), admin.user("stranger")
    assert [403, 403, 403, 404, 404] == [
        stranger.get("/tokens?account=crew%2Bci").status,
        stranger.post("/tokens", {"scopes": ["admin"], "account": "crew+ci"}).status,
        stranger.post("/tokens", {"scopes": ["admin"], "account": "alice"}).status,
        stranger.delete(f"/tokens/{made['id']}").status,
        stranger.post(f"/tokens/{made['id']}/rotate", {}).status,
    ]


def test_administrators_look_after_everybodys(admin: ApiCaller, alice: ApiCaller) -> None:
    made = alice.made("read:packages")
    assert [made["id"]] == [each["id"] for each in admin.get("/tokens?account=alice").json()]
    assert admin.delete("/tokens?account=alice").json() == {"revoked": 1}
    assert [404, 404] == [admin.get(f"/tokens?account={name}").status for name in ("nobody", "crew")]


def test_all_of_ones_own_go_at_once(alice: ApiCaller) -> None:
    tokens = [alice.token("admin") for _ in range(3)]
    assert tokens[0].delete("/tokens").json() == {"revoked": 3}
    assert [401] * 3 == [token.get("/users/alice").status for token in tokens]
    assert {each["state"] for each in alice.get("/tokens").json()} == {"revoked"}


def test_a_revoked_token_may_be_revoked_again(alice: ApiCaller) -> None:
    made = alice.made("admin")
    assert [204, 204, 404] == [alice.delete(f"/tokens/{number}").status for number in (made["id"], made["id"], 999)]


def test_rotation_ends_the_old_one_at_once(alice: ApiCaller) -> None:
    old = alice.made("write:packages", repositories=["crew/*"], label="ci")
    new = alice.post(f"/tokens/{old['id']}/rotate", {}).json()
    assert (old["scopes"], old["repositories"], old["label"]) == (new["scopes"], new["repositories"], new["label"])
    assert [401, 200] == [alice.bearer(each["token"]).get("/orgs").status for each in (old, new)]


def test_rotation_may_leave_both_for_a_while(alice: ApiCaller, clock: HandClock) -> None:
    old = alice.made("write:packages")
    new = alice.post(f"/tokens/{old['id']}/rotate", {"overlap_seconds": 3600}).json()
    both = [alice.bearer(each["token"]) for each in (old, new)]
    assert [200, 200] == [caller.get("/orgs").status for caller in both]
    clock.move(3600)
    assert [401, 200] == [caller.get("/orgs").status for caller in both]


@each("overlap", [-1, 7 * DAY + 1, "1h"])
def test_an_overlap_has_bounds(alice: ApiCaller, overlap: object) -> None:
    made = alice.made("admin")
    assert alice.post(f"/tokens/{made['id']}/rotate", {"overlap_seconds": overlap}).status == 422


def test_a_token_rotates_itself_and_gains_no_day(alice: ApiCaller, clock: HandClock) -> None:
    old = alice.made("read:packages", expires_in=10 * DAY)
    clock.move(5 * DAY)
    new = alice.bearer(old["token"]).post(f"/tokens/{old['id']}/rotate", {}).json()
    assert (old["expires_at"], old["scopes"]) == (new["expires_at"], new["scopes"])
    assert alice.bearer(new["token"]).delete(f"/tokens/{new['id']}").status == 204


def test_rotation_by_its_owner_begins_its_life_anew(alice: ApiCaller, clock: HandClock) -> None:
    old = alice.made("read:packages", expires_in=10 * DAY)
    clock.move(5 * DAY)
    new = alice.post(f"/tokens/{old['id']}/rotate", {}).json()
    assert new["expires_at"] > old["expires_at"]


def test_a_limited_token_rotates_none_that_may_more(alice: ApiCaller) -> None:
    unlimited = alice.made("admin")
    limited = alice.token("admin", repositories=["crew/*", "alice/*"])
    assert limited.post(f"/tokens/{unlimited['id']}/rotate", {}).status == 403


def test_what_has_ended_is_not_rotated(alice: ApiCaller) -> None:
    made = alice.made("admin")
    alice.delete(f"/tokens/{made['id']}")
    assert alice.post(f"/tokens/{made['id']}/rotate", {}).status == 422


def test_tokens_are_listed_the_newest_first_in_pages(alice: ApiCaller) -> None:
    numbers = [alice.made("admin")["id"] for _ in range(3)]
    first = alice.get("/tokens?per_page=2")
    assert [numbers[2], numbers[1]] == [each["id"] for each in first.json()]
    assert 'rel="next"' in first.headers["link"]
    assert [numbers[0]] == [each["id"] for each in alice.get("/tokens?per_page=2&page=2").json()]


def test_a_label_is_one_line_of_what_can_be_shown(alice: ApiCaller) -> None:
    assert alice.made("admin", label=" of\nCI\u001b[31m ")["label"] == "of CI [31m"


def test_what_ended_long_ago_is_listed_no_more(alice: ApiCaller, clock: HandClock) -> None:
    first = alice.made("admin", expires_in=DAY)
    clock.move(90 * DAY)
    second = alice.made("admin")
    assert [second["id"], first["id"]] == [each["id"] for each in alice.get("/tokens").json()]
    clock.move(2 * DAY)
    third = alice.made("admin")
    assert [third["id"], second["id"]] == [each["id"] for each in alice.get("/tokens").json()]


def test_no_secret_is_noted(alice: ApiCaller, admin: ApiCaller) -> None:
    made = alice.made("admin")
    rotated = alice.post(f"/tokens/{made['id']}/rotate", {}).json()
    alice.delete(f"/tokens/{rotated['id']}")
    log = admin.get("/audit").body.decode()
    assert all(f'"token.{word}"' in log for word in ("create", "rotate", "revoke"))
    assert not [each for each in (made, rotated) if each["token"] in log]


def test_the_end_of_a_token_is_noted_as_people_write_it(alice: ApiCaller, admin: ApiCaller) -> None:
    end = alice.made("read:packages")["expires_at"]
    assert end == admin.get("/audit?action=token.create").json()[0]["details"]["expires_at"]


@pytest.mark.parametrize(
    ("wish", "cause"),
    [
        ({"expires_in": 1000 * DAY}, "a token here lives at most 366 days"),
        (
            {"repositories": ["Crew/app"]},
            "repositories[0] cannot be Crew/app: small letters and digits, as crew/app; crew/* is all of crew",
        ),
    ],
)
def test_what_cannot_be_is_said_with_what_could(alice: ApiCaller, wish: dict[str, object], cause: str) -> None:
    assert cause == alice.post("/tokens", {"scopes": ["admin"], **wish}).json()["wharf"]["cause"]


def test_a_limited_token_is_told_which_one_it_would_have_taken(alice: ApiCaller) -> None:
    limited = alice.token("admin", repositories=["crew/app"])
    refused = limited.post("/orgs/crew/services", {"name": "cd", "role": "reader"}).json()["wharf"]
    assert "administration is not allowed on crew" in refused["cause"]
    assert refused["cause"].endswith("a token for all of crew, and this one is for other repositories alone")
    assert "wharf token create" in refused["nextStep"]


def test_what_administrators_may_is_asked_of_them(alice: ApiCaller) -> None:
    refused = alice.post("/orgs", {"login": "team"}).json()["wharf"]
    assert "ask an administrator of this registry" == refused["nextStep"]


def test_a_name_that_is_taken_is_said_so(admin: ApiCaller) -> None:
    assert "there is an account crew already" == admin.post("/orgs", {"login": "crew"}).json()["wharf"]["cause"]


def given_up(anybody: ApiCaller, secret: str) -> bool:
    answer = anybody.post("/revocations", {"token": secret})
    assert 200 == answer.status, answer
    return bool(answer.json()["revoked"])


@pytest.fixture
def anybody(admin: ApiCaller) -> ApiCaller:
    return ApiCaller(admin.registry, "")


def test_whoever_shows_a_token_ends_it(alice: ApiCaller, anybody: ApiCaller) -> None:
    token = alice.made("read:packages")["token"]
    assert given_up(anybody, token)
    assert 401 == alice.bearer(token).get("/me").status


def test_a_token_ends_once(alice: ApiCaller, anybody: ApiCaller) -> None:
    token = alice.made("read:packages")["token"]
    assert [True, False] == [given_up(anybody, token), given_up(anybody, token)]


def test_many_that_were_never_given_make_their_address_wait_and_one_that_was_given_ends_nevertheless(
    alice: ApiCaller, anybody: ApiCaller
) -> None:
    token, ended = alice.made("read:packages")["token"], alice.made("read:packages")["token"]
    given_up(anybody, ended)
    for _ in range(WITH_ADDRESS.free):
        assert not given_up(anybody, ended)
        assert not given_up(anybody, SecretText.new(SecretKind.PERSONAL).text)
    refused = anybody.post("/revocations", {"token": SecretText.new(SecretKind.PERSONAL).text})
    assert (429, "1") == (refused.status, refused.headers["retry-after"])
    assert "too many tokens that were never given here" == refused.json()["wharf"]["cause"]
    assert given_up(anybody, token)
    assert 200 == alice.get("/me").status


def test_the_other_tokens_of_its_account_stay(alice: ApiCaller, anybody: ApiCaller) -> None:
    first, second = alice.made("read:packages"), alice.token("read:packages")
    given_up(anybody, first["token"])
    assert 200 == second.get("/me").status


@each("text", ["", "correct horse battery", SecretText.new(SecretKind.REFRESH).text])
def test_what_is_no_token_here_cannot_be_ended(anybody: ApiCaller, text: str) -> None:
    assert not given_up(anybody, text)


def test_who_had_the_token_is_noted_and_no_secret(admin: ApiCaller, alice: ApiCaller, anybody: ApiCaller) -> None:
    token = alice.made("read:packages", label="laptop")
    given_up(anybody, token["token"])
    log = admin.get("/audit?action=token.revoke")
    assert [("alice", f"token {token['id']}")] == [(entry["actor"], entry["target"]) for entry in log.json()]
    assert token["token"] not in log.body.decode()
