"""What is said of clouds at a login, in the language of the locale."""

from pathlib import Path

import pytest

from tests.cli.desk import Desk
from tests.client.cloud_hosts import Answer, Asked, cloud
from wharf.cli.logins.native_words import in_own_language

CLASSIC = "https://github.com/settings/tokens/new?scopes=write:packages"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.home.environ["LC_ALL"] = "ko_KR.UTF-8"
    return desk


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_is_certain_to_fail_is_said_in_korean(desk: Desk) -> None:
    outcome = desk.login("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "me", "x" * 1900)
    assert "error: 모든 ECR 레지스트리의 사용자 이름은 대문자 AWS입니다" in flat(outcome.err)
    assert "--username AWS" in outcome.err


def test_a_secret_of_another_house_is_named_in_korean(desk: Desk) -> None:
    outcome = desk.login("quay.io", "me", f"ghp_{'a' * 36}")
    assert "입력한 값은 GitHub 클래식 개인 액세스 토큰이며 Quay에서 쓰는 것이 아니므로" in flat(outcome.err)
    assert "next: 로봇 계정을 사용하십시오: wharf login quay.io --username" in flat(outcome.err)


def test_where_nobody_can_be_asked_the_way_in_is_told_in_korean(desk: Desk) -> None:
    outcome = desk.wharf("login", "ghcr.io")
    assert "--password-stdin; 클래식 개인 액세스 토큰을 사용하십시오: wharf login ghcr.io" in flat(outcome.err)


@pytest.mark.slow
def test_advice_and_usual_mistakes_of_a_refused_login_are_korean(desk: Desk, tmp_path: Path) -> None:
    def github(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            return 403, {}, '{"errors":[{"code":"DENIED","message":"denied"}]}'
        challenge = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"'
        return 401, {"WWW-Authenticate": challenge}, ""

    with cloud(tmp_path, "ghcr.io", github) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf(
            "login", "ghcr.io", "-u", "alice", "--password-stdin", "--ca-file", str(here.ca_file),
            piped=f"github_pat_{'a' * 82}",
        )  # fmt: skip
    said = flat(outcome.err)
    assert "warning: GitHub Packages는 세분화된(fine-grained) 개인 액세스 토큰을 지원하지 않습니다; 클래식" in said
    assert CLASSIC in said
    assert 5 == said.count("흔한 원인: ")
    assert "often:" not in said
    assert "아무것도 저장하지 않았으며, 기존에 있던 로그인 정보는 그대로 유지됩니다" in said


@pytest.mark.parametrize("locale", ["C.UTF-8", "de_DE.UTF-8", ""])
def test_other_locales_are_answered_in_english(locale: str) -> None:
    assert "the token is older than three hours" == in_own_language(
        "the token is older than three hours", {"LANG": locale}
    )
