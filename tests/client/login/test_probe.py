"""What a credential may do, asked of a real registry with accounts, and of answers that nobody would expect."""

import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from tests.client.token_service import Account, House, serving
from wharf.client.login.probe import Flow, ask_pulls_left, ask_standing
from wharf.client.login.standing import Basis, Question, Right, Standing, Verdict
from wharf.client.message import Headers, Request, Response
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import RemoteAnswered, RemoteMisbehaved
from wharf.oci.reference import RepositoryName
from wharf.protocol.scope import Scope

T = TypeVar("T")

APP = RepositoryName("team/app")
ALICE = Password("alice", Secret("open sesame"))
BOB = Password("bob", Secret("builder"))
ACCOUNTS = {
    "alice": Account("open sesame", {"team/*": frozenset({"pull", "push"})}),
    "bob": Account("builder"),
    "root": Account("toor", {"*": frozenset({"*"})}),
}


def answered(flow: Flow[T], host: str) -> T:
    """The flow, with each of its requests really made."""
    try:
        request = next(flow)
        while True:
            request = flow.send(made(request, host))
    except StopIteration as ended:
        value: T = ended.value
        return value


def made(request: Request, host: str) -> Response:
    url = request.url if "://" in request.url else f"http://{host}{request.url}"
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    assert isinstance(request.body, bytes)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request(request.method, target, request.body, dict(request.headers))
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Response(response.status, Headers(response.getheaders()), body, url)


@pytest.fixture
def house() -> House:
    return House(ACCOUNTS)


@pytest.fixture
def host(house: House) -> Iterator[str]:
    with serving(house) as address:
        yield address


def standing(
    host: str, credential: Credential | None, repository: RepositoryName | None = None, **wishes: bool
) -> Standing:
    question = Question(
        host, credential, repository, push=wishes.get("push", False), offline=wishes.get("offline", False)
    )
    return answered(ask_standing(question, time.monotonic()), host)


def rights(found: Standing) -> dict[str, tuple[bool | None, Basis]]:
    return {right.action: (right.given, right.basis) for right in found.rights}


def test_a_good_credential_is_accepted(host: str) -> None:
    found = standing(host, ALICE)
    assert (Verdict.ACCEPTED, "alice", ()) == (found.verdict, found.account, found.rights)


def test_a_wrong_password_is_refused_and_not_repeated(host: str) -> None:
    found = standing(host, Password("alice", Secret("hunter2")))
    assert Verdict.REFUSED is found.verdict
    assert found.refusal is not None
    assert "hunter2" not in repr(found.refusal.diagnostics())


def test_the_token_tells_the_rights(host: str) -> None:
    assert {
        "pull": (True, Basis.TOKEN),
        "push": (True, Basis.TOKEN),
        "delete": (False, Basis.TOKEN),
    } == rights(standing(host, ALICE, APP))


def test_the_right_to_everything_is_all_rights(host: str) -> None:
    found = standing(host, Password("root", Secret("toor")), APP)
    assert [True, True, True] == [right.given for right in found.rights]


def test_a_good_credential_without_rights_is_told_from_a_refused_one(host: str) -> None:
    assert Verdict.POWERLESS is standing(host, BOB, APP).verdict


def test_of_another_repository_nothing_is_granted(host: str) -> None:
    assert Verdict.POWERLESS is standing(host, ALICE, RepositoryName("crew/app")).verdict


def test_a_refresh_token_comes_only_if_it_is_wished_for(host: str) -> None:
    assert standing(host, ALICE).refresh_token is None
    assert standing(host, ALICE, offline=True).refresh_token


@pytest.mark.parametrize("username", ["", "alice"])
def test_an_identity_token_stands_for_the_account(host: str, username: str) -> None:
    token = standing(host, ALICE, offline=True).refresh_token
    assert token is not None
    found = standing(host, IdentityToken(token, username), APP)
    assert (Verdict.ACCEPTED, "alice", True) == (found.verdict, found.account, found.right("push"))


def test_an_identity_token_that_was_revoked_is_refused(host: str) -> None:
    assert Verdict.REFUSED is standing(host, IdentityToken(Secret("of yesterday"))).verdict


def test_a_registry_token_is_shown_as_it_is(host: str, house: House) -> None:
    token = house.token_for("alice", (Scope.parse("repository:team/app:pull"),))
    found = standing(host, RegistryToken(Secret(token)), APP)
    assert (Verdict.ACCEPTED, (True, Basis.TRIED)) == (found.verdict, rights(found)["pull"])
    assert Verdict.REFUSED is standing(host, RegistryToken(Secret("made up"))).verdict


def test_where_tokens_are_opaque_pulling_is_tried(host: str, house: House) -> None:
    house.tells_rights = False
    assert {
        "pull": (True, Basis.TRIED),
        "push": (None, Basis.UNKNOWN),
        "delete": (None, Basis.UNKNOWN),
    } == rights(standing(host, ALICE, APP))
    assert (False, Basis.TRIED) == rights(standing(host, BOB, APP))["pull"]


def test_where_a_wish_is_refused_as_a_whole_each_right_is_asked_for(host: str, house: House) -> None:
    house.refuses_what_is_not_allowed = True
    found = standing(host, ALICE, APP)
    assert {
        "pull": (True, Basis.TRIED),
        "push": (None, Basis.UNKNOWN),
        "delete": (False, Basis.SERVICE),
    } == rights(found)
    assert "not within your rights" in found.rights[2].evidence
    assert Verdict.POWERLESS is standing(host, BOB, APP).verdict
    assert Verdict.REFUSED is standing(host, Password("bob", Secret("hunter2")), APP).verdict


def test_pushing_is_tried_only_if_it_is_wished_for(host: str, house: House) -> None:
    house.tells_rights = False
    house.answer = upload_begun
    standing(host, ALICE, APP)
    assert [] == [asked for asked in house.asked if "uploads" in asked]
    assert (True, Basis.TRIED) == rights(standing(host, ALICE, APP, push=True))["push"]
    assert (False, Basis.TRIED) == rights(standing(host, BOB, APP, push=True))["push"]


def test_an_upload_that_was_begun_is_taken_back(host: str, house: House) -> None:
    house.answer = upload_begun
    standing(host, ALICE, APP, push=True)
    assert "DELETE /v2/team/app/blobs/uploads/17" == house.asked[-1]


def test_an_upload_elsewhere_is_left_alone(host: str, house: House) -> None:
    begun = (202, {"Location": "http://198.51.100.1/v2/x"}, b"")
    house.answer = lambda method, path: begun if method == "POST" else (200, {}, b"{}")
    standing(host, ALICE, APP, push=True)
    assert "POST /v2/team/app/blobs/uploads/" == house.asked[-1]


def upload_begun(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    return (202, {"Location": "/v2/team/app/blobs/uploads/17"}, b"") if method == "POST" else (200, {}, b"{}")


def test_a_service_that_knows_no_post_is_asked_otherwise(host: str, house: House) -> None:
    house.knows_post = False
    assert Verdict.ACCEPTED is standing(host, ALICE, APP).verdict


def test_how_many_pulls_are_left_is_read_from_the_answer(host: str, house: House) -> None:
    house.answer = lambda method, path: (
        200,
        {"ratelimit-limit": "200;w=21600", "ratelimit-remaining": "176;w=21600"},
        b"",
    )
    flow = ask_pulls_left(
        Question(host, ALICE),
        Request("HEAD", "/v2/team/app/manifests/latest"),
        Scope.parse("repository:team/app:pull"),
        0,
    )
    assert "176 of 200 pulls left within 6 hours" == str(answered(flow, host))


# --- answers from a script ----------------------------------------------------------------------------------------


def scripted(question: Question, *answers: tuple[int, Mapping[str, str]]) -> tuple[Standing, list[str]]:
    flow = ask_standing(question, 0.0)
    asked = []
    try:
        request = next(flow)
        for status, headers in answers:
            asked.append(f"{request.method} {request.url} {'with' if request.headers else 'without'}")
            request = flow.send(
                Response(status, Headers(headers.items()), b"", f"https://registry.example{request.url}")
            )
    except StopIteration as ended:
        return ended.value, asked
    raise AssertionError(f"one more is asked: {request}")


BASIC = {"WWW-Authenticate": 'Basic realm="here"'}


def test_a_registry_that_lets_everybody_in_says_nothing_of_a_credential() -> None:
    found, asked = scripted(Question("r", ALICE), (200, {}))
    assert (Verdict.NOT_ASKED, ["GET /v2/ without"]) == (found.verdict, asked)


def test_one_that_asks_only_for_the_repository_is_asked_for_that() -> None:
    found, asked = scripted(Question("r", ALICE, APP), (200, {}), (401, BASIC), (200, {}), (200, {}))
    assert (Verdict.ACCEPTED, Right("pull", given=True, basis=Basis.TRIED, evidence="it answered 200")) == (
        found.verdict,
        found.rights[0],
    )
    assert "GET /v2/team/app/tags/list?n=1 with" == asked[-1]


@pytest.mark.parametrize(
    ("status", "verdict"), [(200, Verdict.ACCEPTED), (401, Verdict.REFUSED), (403, Verdict.REFUSED)]
)
def test_name_and_password_are_judged_by_the_registry_itself(status: int, verdict: Verdict) -> None:
    found, asked = scripted(Question("r", ALICE), (401, BASIC), (status, {}))
    assert (verdict, ["GET /v2/ without", "GET /v2/ with"]) == (found.verdict, asked)


@pytest.mark.parametrize(("status", "given"), [(200, True), (403, False), (404, None), (500, None)])
def test_a_repository_that_is_not_there_tells_nothing_of_rights(status: int, given: bool | None) -> None:
    found, _ = scripted(Question("r", ALICE, APP), (401, BASIC), (200, {}), (status, {}))
    assert given is found.right("pull")


@pytest.mark.parametrize(("status", "error"), [(404, RemoteMisbehaved), (500, RemoteAnswered), (401, RemoteMisbehaved)])
def test_what_is_no_registry_is_an_error(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        scripted(Question("r", ALICE), (status, {}))


def test_a_failure_after_the_login_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(RemoteAnswered, match="status 502"):
        scripted(Question("r", ALICE), (401, BASIC), (502, {}))


def test_a_password_is_not_sent_to_a_token_service_without_tls() -> None:
    challenge = {"WWW-Authenticate": 'Bearer realm="http://elsewhere.example/token",service="r"'}
    with pytest.raises(RemoteMisbehaved, match="without TLS"):
        scripted(Question("r", ALICE), (401, challenge))
