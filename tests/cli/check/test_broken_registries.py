"""Registries that do not work, each in a way of its own: the check names the step, and what is behind it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.check.checks import Checked, checked, wharf
from tests.cli.check.front import Answer, Overrule, before, error
from tests.cli.harbour import Harbour
from tests.client.certificates import Authority
from tests.client.connecting_proxy import ConnectingProxy
from tests.client.token_service import Account, House, serving
from wharf.oci.media_types import OCI_INDEX
from wharf.testing.hostile_registry import HostileRegistry, Misdeed

pytestmark = pytest.mark.slow
PULL = frozenset({"pull"})
ADA = {"WHARF_USERNAME": "ada", "WHARF_TOKEN": "right"}


@pytest.fixture
def hostile() -> Iterator[HostileRegistry]:
    with HostileRegistry() as registry:
        yield registry


def answering(harbour: Harbour, overrule: Overrule) -> Checked:
    with before(harbour.host, overrule) as host:
        return checked(harbour.folder, f"{host}/{harbour.name}")


def on(methods: str, part: str, answer: Answer) -> Overrule:
    return lambda method, path: answer if method in methods.split() and part in path else None


def first(times: int, overrule: Overrule) -> Overrule:
    left = [times]

    def only_then(method: str, path: str) -> Answer | None:
        answer = overrule(method, path) if left[0] else None
        left[0] -= answer is not None
        return answer

    return only_then


def not_done(found: Checked) -> list[str]:
    return [step for step, outcome in found.steps.items() if outcome == "not done"]


# --- the way, the environment ----------------------------------------------------------------------------------------


def test_nobody_listens(tmp_path: Path) -> None:
    found = checked(tmp_path, "127.0.0.77:9/team")  # a registry may be on 127.0.0.1
    assert (9, ["environment"], ["unreachable"]) == (found.code, found.failed, found.errors("environment"))
    assert ["login", "push", "pull", "api"] == not_done(found)
    assert ["registry-connection-refused: nobody-listens"] == found.held("environment")


def test_an_expired_certificate(tmp_path: Path, harbour: Harbour) -> None:
    authority = Authority.create(tmp_path / "authority")
    expired = authority.issue("127.0.0.1", begins=timedelta(days=-9), ends=timedelta(days=-2))
    with before(harbour.host, lambda method, path: None, expired.server_context()) as host:
        found = checked(tmp_path, f"{host}/team", "--ca-file", str(authority.file))
    assert (9, ["environment"], ["tls-refused"]) == (found.code, found.failed, found.errors("environment"))
    assert "expired" in found.said("environment")
    assert ["tls-certificate-out-of-date: expired"] == found.held("environment")


def test_a_certificate_that_is_good_is_told_with_its_end(tmp_path: Path, harbour: Harbour) -> None:
    authority = Authority.create(tmp_path / "authority")
    good = authority.issue("127.0.0.1", ends=timedelta(days=7))
    with before(harbour.host, lambda method, path: None, good.server_context()) as host:
        found = checked(tmp_path, f"{host}/team", "--ca-file", str(authority.file))
    assert found.document["works"]
    assert "its certificate is trusted, and good until" in found.said("environment")
    assert "which is soon: 6 days left" in str(found.lines("environment", "remark"))


def test_plain_http_where_tls_is_spoken(tmp_path: Path, hostile: HostileRegistry) -> None:
    with ConnectingProxy(int(hostile.host.rpartition(":")[2])) as proxy:
        found = checked(tmp_path, "registry.test/team", HTTPS_PROXY=proxy.url())
    assert (9, ["environment"], ["plain-http"]) == (found.code, found.failed, found.errors("environment"))
    assert f"proxy 127.0.0.1:{proxy.port}" in found.said("environment")


def test_a_web_page_in_the_registrys_place(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.WEB_PAGES, amount=200)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (9, ["environment"], ["remote-misbehaved"]) == (found.code, found.failed, found.errors("environment"))
    assert "a web page answers here" in found.said("environment")
    assert ["not-a-registry: web-site"] == found.held("environment")


def test_a_proxy_that_asks_for_a_password_with_a_page_is_a_registrys_door(harbour: Harbour) -> None:
    page = b"<html><head><title>401 Authorization Required</title></head></html>"
    asking = Answer(401, page, {"Content-Type": "text/html", "WWW-Authenticate": 'Basic realm="team"'})
    found = answering(harbour, lambda method, path: asking)
    assert (6, ["login"], ["remote-unauthenticated"]) == (found.code, found.failed, found.errors("login"))


def test_what_is_no_http(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.GARBAGE)
    assert ["environment"] == checked(tmp_path, f"{hostile.host}/team").failed


def test_errors_of_the_server(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.SERVER_ERRORS)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (9, ["environment"], ["remote-answered"]) == (found.code, found.failed, found.errors("environment"))
    assert ["registry-server-error: down-now"] == found.held("environment")


def test_too_many_requests(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.TOO_MANY_REQUESTS)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (10, ["environment"], ["rate-limited"]) == (found.code, found.failed, found.errors("environment"))
    assert ["registry-asks-to-slow-down: nobody-logged-in"] == found.held("environment")


def test_a_clock_that_is_off_is_a_remark(harbour: Harbour) -> None:
    long_ago = Answer(200, b"{}", {"Date": "Fri, 20 Nov 2020 12:00:00 GMT"})
    found = answering(harbour, lambda method, path: long_ago if path == "/v2/" else None)
    assert found.document["works"]
    assert re.search("the clocks differ by [0-9]{4} days: here", found.said("environment"))


# --- the login -------------------------------------------------------------------------------------------------------


def test_a_wrong_password(tmp_path: Path) -> None:
    with serving(House({"ada": Account("another")})) as host:
        found = checked(tmp_path, f"{host}/team", **ADA)
    assert (6, ["login"], ["remote-unauthenticated"]) == (found.code, found.failed, found.errors("login"))
    assert ["push", "pull", "api"] == not_done(found)
    assert ["login-refused: refused"] == found.held("login")


def test_a_login_that_nobody_has(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.WANTS_LOGIN)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (6, ["login"]) == (found.code, found.failed)


def test_the_token_service_of_another_registry(tmp_path: Path, hostile: HostileRegistry) -> None:
    with serving(House({"ada": Account("right")})) as other:
        hostile.misbehave(Misdeed.CHALLENGES_FOR_ANOTHER, target=f"http://{other}/token")
        found = checked(tmp_path, f"{hostile.host}/team", **ADA)
    assert ["login"] == found.failed
    assert ["token-service-unreachable: realm-answers-with-error"] == found.held("login")


def test_a_token_that_the_registry_does_not_take(tmp_path: Path) -> None:
    with serving(House({"ada": Account("right", {"*": PULL})}, lifetime=-1)) as host:
        found = checked(tmp_path, f"{host}/team", **ADA)
    assert ["login"] == found.failed
    assert "its token service gave a token, and the registry does not take it" in str(found.lines("login"))


def test_an_account_that_may_do_nothing_there(tmp_path: Path) -> None:
    with serving(House({"ada": Account("right")}, refuses_what_is_not_allowed=True)) as host:
        found = checked(tmp_path, f"{host}/team", **ADA)
    assert (6, ["login"], ["denied"]) == (found.code, found.failed, found.errors("login"))


# --- the push --------------------------------------------------------------------------------------------------------


def test_an_account_that_may_only_pull(harbour: Harbour) -> None:
    house = House({"ada": Account("right", {"*": PULL})}, upstream=harbour.host, refuses_what_is_not_allowed=True)
    with serving(house) as host:
        found = checked(harbour.folder, f"{host}/team", **ADA)
    assert (6, ["push"]) == (found.code, found.failed[:1])
    assert "push no" in found.said("login")


def test_a_registry_that_only_gives(harbour: Harbour) -> None:
    read_only = error(405, "UNSUPPORTED", "The operation is unsupported.")
    found = answering(harbour, on("POST PUT PATCH DELETE", "", read_only))
    assert (9, ["push"], ["remote-answered"]) == (found.code, found.failed, found.errors("push"))
    assert "passed" == found.steps["cleanup"]
    assert ["registry-read-only: switched-to-read-only"] == found.held("push")


def test_a_push_that_is_denied(harbour: Harbour) -> None:
    denied = error(403, "DENIED", "requested access to the resource is denied")
    found = answering(harbour, on("POST", "/blobs/uploads/", denied))
    assert (6, ["push"], ["remote-denied"]) == (found.code, found.failed, found.errors("push"))
    assert ["push-access-denied: not-logged-in"] == found.held("push")


@pytest.mark.parametrize(
    ("status", "code", "message", "signature"),
    [
        (403, "DENIED", "permission_denied: write_package", "ghcr-write-package-denied"),
        (403, "DENIED", "installation not allowed to Create organization package", "ghcr-organisation-forbids"),
        (404, "NAME_UNKNOWN", "The repository with name 'a' does not exist in the registry with id '123456789012'",
         "ecr-repository-missing"),
    ],
)  # fmt: skip
def test_the_registrys_own_words_say_more_than_its_status(
    harbour: Harbour, status: int, code: str, message: str, signature: str
) -> None:
    found = answering(harbour, on("POST", "/blobs/uploads/", error(status, code, message)))
    (line,) = found.lines("push", "bad")
    assert signature == line["explanation"]["signature"]


def test_uploads_that_break_off(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.DROPS_UPLOADS, amount=10)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (9, ["push"], ["unreachable"]) == (found.code, found.failed, found.errors("push"))


def test_a_registry_that_stores_something_else(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.FALSE_STORED_DIGEST)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (9, ["push"], ["remote-misbehaved"]) == (found.code, found.failed, found.errors("push"))


def test_manifests_that_are_not_taken(harbour: Harbour) -> None:
    full = error(507, "QUOTA", "no space left on device")
    found = answering(harbour, on("PUT", "/manifests/", full))
    assert ["push"] == found.failed


def test_a_manifest_that_is_not_taken_is_not_said_to_be_deleted(harbour: Harbour) -> None:
    found = answering(harbour, on("PUT", "/manifests/", error(400, "MANIFEST_INVALID", "no")))
    assert (["push"], "nothing was left anywhere") == (found.failed, found.said("cleanup"))


def test_a_tag_that_does_not_come(harbour: Harbour) -> None:
    found = answering(harbour, on("HEAD", "/manifests/check", error(404, "MANIFEST_UNKNOWN", "manifest unknown")))
    assert (9, ["push"], ["remote-misbehaved"]) == (found.code, found.failed, found.errors("push"))
    assert "it took the image, and does not have its tag" in found.said("push")


def test_a_tag_that_comes_late_is_a_remark(harbour: Harbour) -> None:
    missing = error(404, "MANIFEST_UNKNOWN", "manifest unknown")
    found = answering(harbour, first(1, on("HEAD", "/manifests/check", missing)))
    assert found.document["works"]
    assert "who pulls sooner is told that it is missing" in str(found.lines("push", "remark"))


def test_head_and_get_that_do_not_agree(harbour: Harbour) -> None:
    other = Answer(200, b"", {"Docker-Content-Digest": f"sha256:{'0' * 64}", "Content-Type": OCI_INDEX})
    found = answering(harbour, on("HEAD", "/manifests/check", other))
    assert (9, ["push"]) == (found.code, found.failed)
    assert "HEAD of the tag names another digest than GET gives" in found.said("push")
    assert [] == found.held("push")


def test_an_account_that_may_only_push_is_not_sent_to_look_for_another_account(harbour: Harbour) -> None:
    with serving(House({"ada": Account("right", {"*": frozenset({"push"})})}, upstream=harbour.host)) as host:
        found = checked(harbour.folder, f"{host}/team", **ADA)
    assert (6, ["push"], []) == (found.code, found.failed, found.held("push"))
    assert "the token grants: repository:team/wharf-check:push" in str(found.lines("push"))


# --- the pull, the lists ---------------------------------------------------------------------------------------------


def test_a_manifest_that_comes_back_is_something_else(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.OTHER_MANIFEST)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (7, ["pull"], ["digest-mismatch"]) == (found.code, found.failed[:1], found.errors("pull"))
    assert ["downloaded-content-broken: registry-lies"] == found.held("pull")


def test_a_blob_that_comes_back_is_something_else(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.OTHER_BYTES)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (7, ["pull"], ["untrue"]) == (found.code, found.failed, found.errors("pull"))
    assert "read twice, and untrue both times" in str(found.lines("pull"))


def test_a_blob_that_is_damaged_once(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.OTHER_BYTES, times=1)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (7, ["pull"], ["digest-mismatch"]) == (found.code, found.failed, found.errors("pull"))
    assert "the second time it came as it was pushed" in str(found.lines("pull"))


def test_a_registry_that_is_slow(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.SLOW_DRIP)
    found = checked(tmp_path, f"{hostile.host}/team", "--patience", "8")
    assert (9, ["pull"]) == (found.code, found.failed)
    assert "too slow: this step was not done within 8 seconds" in found.said("pull")


def test_a_list_without_an_end(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.BARREN_TAGS)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert (9, ["api"]) == (found.code, found.failed)


def test_a_list_that_the_new_tag_is_missing_in(harbour: Harbour) -> None:
    stale = Answer(200, b'{"name": "any", "tags": []}', {"Content-Type": "application/json"})
    found = answering(harbour, on("GET", "/tags/list", stale))
    assert (9, ["api"], ["remote-misbehaved"]) == (found.code, found.failed, found.errors("api"))
    assert "its list of tags does not have the new one" in found.said("api")


def test_a_list_that_follows_late_is_a_remark(harbour: Harbour) -> None:
    stale = Answer(200, b'{"name": "any", "tags": []}', {"Content-Type": "application/json"})
    found = answering(harbour, first(1, on("GET", "/tags/list?n=1000", stale)))
    assert found.document["works"]
    assert "the list of tags had the new one only after" in str(found.lines("api", "remark"))


def test_a_manifest_that_is_not_given_by_digest(harbour: Harbour) -> None:
    found = answering(harbour, on("GET", "/manifests/sha256", error(404, "MANIFEST_UNKNOWN", "manifest unknown")))
    assert (9, ["pull"], ["remote-misbehaved"]) == (found.code, found.failed, found.errors("pull"))
    assert "does not give it by digest" in found.said("pull")
    assert [] == found.held("pull")


def test_blobs_at_a_host_that_cannot_be_reached(harbour: Harbour) -> None:
    found = answering(harbour, on("GET", "/blobs/", Answer(307, b"", {"Location": "http://127.0.0.1:9/x?sig=signed"})))
    assert (9, ["pull"]) == (found.code, found.failed)
    assert "sends who reads a blob to another host, which fails: 127.0.0.1:9" in found.said("pull")
    assert ([], False) == (found.held("pull"), "signed" in found.outcome.out)


def test_a_registry_without_a_list_of_referrers_works(tmp_path: Path, hostile: HostileRegistry) -> None:
    hostile.misbehave(Misdeed.NO_REFERRERS)
    found = checked(tmp_path, f"{hostile.host}/team")
    assert [] == found.failed
    assert "no list of referrers" in found.said("api")


# --- cleaning up -----------------------------------------------------------------------------------------------------


def test_a_registry_that_deletes_nothing_works_and_what_stays_is_told(harbour: Harbour) -> None:
    found = answering(harbour, on("DELETE", "", error(405, "UNSUPPORTED", "The operation is unsupported.")))
    assert (0, [], ["remote-answered"]) == (found.code, found.failed, found.errors("cleanup"))
    (stays,) = [line["command"] for line in found.lines("cleanup", "remark") if "command" in line]
    assert f"wharf-check:{found.document['tag']} --yes" in stays


def test_a_registry_that_says_it_has_deleted_and_has_not(tmp_path: Path, hostile: HostileRegistry) -> None:
    found = checked(tmp_path, f"{hostile.host}/team")
    assert [] == found.failed
    assert "says that it has deleted it, and still has it" in found.said("cleanup")


def test_a_registry_that_breaks_while_it_deletes(harbour: Harbour) -> None:
    found = answering(harbour, on("DELETE", "", error(500, "UNKNOWN", "broken")))
    assert (9, ["cleanup"]) == (found.code, found.failed)


def test_a_registry_that_is_gone_when_it_is_to_delete(harbour: Harbour) -> None:
    gone = error(503, "UNAVAILABLE", "gone")

    class Going:
        is_gone = False

        def overrule(self, method: str, path: str) -> Answer | None:
            self.is_gone = self.is_gone or (method, "/manifests/check" in path) == ("PUT", True)
            return gone if self.is_gone else None

    found = answering(harbour, Going().overrule)
    assert ["push", "cleanup"] == [step for step in found.failed if step != "api"]
    (stays,) = [line for line in found.lines("cleanup", "remark") if "command" in line]
    assert "this may stay: " in stays["text"]
    assert f":{found.document['tag']} --yes" in stays["command"]


def test_what_was_pushed_is_deleted_though_the_pull_fails(harbour: Harbour) -> None:
    found = answering(harbour, on("GET", "/blobs/", error(500, "UNKNOWN", "broken")))
    assert (["pull"], "passed") == (found.failed, found.steps["cleanup"])
    assert "nothing of it is left" in found.said("cleanup")


# --- as a person reads it --------------------------------------------------------------------------------------------


def test_a_failure_is_told_with_its_step_its_cause_and_what_to_do(tmp_path: Path) -> None:
    with serving(House({"ada": Account("another")})) as host:
        told = wharf(tmp_path, f"{host}/team", **ADA).out
    assert f"✕ {host} does not work: step 2 (Login) failed." in told
    assert "not done, because step 2 (Login) did not succeed" in told
    assert "next: " in told or "fix: " in told
    assert "right" not in told.replace("rights", "").replace("bright", "")
