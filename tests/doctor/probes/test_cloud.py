import json
from base64 import b32encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.doctor.probes.ground import facts_of, programs_in, scene_in
from wharf.doctor.facts import Known
from wharf.doctor.scene import Aim

ECR = Aim(registry="123456789012.dkr.ecr.eu-west-1.amazonaws.com")
GOOGLE = Aim(registry="europe-docker.pkg.dev")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def key_of(account: int) -> str:
    """As AWS makes them: the account's number stands in the identifier of a key."""
    number = (1 << 47) | (account << 7)
    return "AKIA" + b32encode(number.to_bytes(6, "big") + b"\x01\x02\x03\x04").decode()[:16]


def of_aws(folder: Path, files: dict[str, str] | None = None, **environ: str) -> dict[str, Known]:
    scene = scene_in(
        folder, {f"home/mina/.aws/{name}": text for name, text in (files or {}).items()}, aim=ECR, more=environ
    )
    return facts_of("cloud", replace(scene, clock=lambda: NOW))


def test_nobody_is_logged_in_to_aws(tmp_path: Path) -> None:
    assert {"tool_on_path": False, "login": "absent"} == of_aws(tmp_path, PATH=str(tmp_path))


def test_keys_in_variables_are_a_login(tmp_path: Path) -> None:
    facts = of_aws(tmp_path, AWS_ACCESS_KEY_ID=key_of(123456789012), AWS_REGION="eu-west-1")
    assert ("fresh", True, True) == tuple(facts[name] for name in ("login", "region_agrees", "account_agrees"))


def test_keys_that_end_have_ended(tmp_path: Path) -> None:
    facts = of_aws(tmp_path, AWS_ACCESS_KEY_ID="ASIAX", AWS_CREDENTIAL_EXPIRATION="2026-11-21T11:00:00Z")
    assert "expired" == facts["login"]


@pytest.mark.parametrize(("ends", "login"), [("2026-11-21T13:00:00Z", "fresh"), ("2026-11-21T11:00:00UTC", "expired")])
def test_single_sign_on_ends(tmp_path: Path, ends: str, login: str) -> None:
    files = {
        "config": "[profile work]\nsso_session = acme\nsso_account_id = 210987654321\nregion = us-east-1\n",
        "sso/cache/abc.json": json.dumps({"accessToken": "a", "expiresAt": ends}),
    }
    facts = of_aws(tmp_path, files, AWS_PROFILE="work")
    assert (login, False, False) == tuple(facts[name] for name in ("login", "region_agrees", "account_agrees"))


def test_a_role_has_an_account(tmp_path: Path) -> None:
    files = {"config": "[default]\nrole_arn = arn:aws:iam::210987654321:role/push\n"}
    assert of_aws(tmp_path, files)["account_agrees"] is False


def test_files_that_are_no_settings_say_nothing(tmp_path: Path) -> None:
    assert "absent" == of_aws(tmp_path, {"config": "]]]", "credentials": "\x00"})["login"]


@pytest.mark.parametrize(
    ("script", "login"),
    [
        ("echo a-token", "fresh"),
        ("echo 'ERROR: There was a problem refreshing: (invalid_grant) Bad Request' >&2; exit 1", "expired"),
        ("echo 'ERROR: You do not currently have an active account selected.' >&2; exit 1", "absent"),
        ("echo 'ERROR: something else' >&2; exit 1", None),
    ],
)
def test_gcloud_says_whether_its_login_is_good(tmp_path: Path, script: str, login: str | None) -> None:
    path = programs_in(tmp_path, gcloud=script)
    scene = scene_in(tmp_path, {"home/mina/.config/gcloud/credentials.db": "x"}, aim=GOOGLE, PATH=path)
    assert (True, login) == (facts_of("cloud", scene)["tool_on_path"], facts_of("cloud", scene).get("login"))


def test_gcloud_is_asked_with_a_copy(tmp_path: Path) -> None:
    path = programs_in(tmp_path, gcloud='test -f "$CLOUDSDK_CONFIG/credentials.db" && touch "$CLOUDSDK_CONFIG/written"')
    scene = scene_in(tmp_path, {"home/mina/.config/gcloud/credentials.db": "x"}, aim=GOOGLE, PATH=path)
    assert "fresh" == facts_of("cloud", scene)["login"]
    assert ["credentials.db"] == [file.name for file in (scene.home / ".config/gcloud").iterdir()]


def test_gcloud_was_never_logged_in(tmp_path: Path) -> None:
    assert {"tool_on_path": False, "login": "absent"} == facts_of(
        "cloud", scene_in(tmp_path, aim=GOOGLE, PATH=str(tmp_path))
    )


def test_the_helper_tells_the_cloud_as_well(tmp_path: Path) -> None:
    assert facts_of("cloud", scene_in(tmp_path, aim=Aim(helper="gcloud"), PATH=str(tmp_path)))["tool_on_path"] is False


@pytest.mark.parametrize(
    ("profile", "login"), [(None, "absent"), ('{"subscriptions": []}', "absent"), ('{"subscriptions": [1]}', None)]
)
def test_azures_profile(tmp_path: Path, profile: str | None, login: str | None) -> None:
    files = {"home/mina/.azure/azureProfile.json": profile} if profile else {}
    scene = scene_in(tmp_path, dict(files), aim=Aim(registry="acme.azurecr.io"))
    assert login == facts_of("cloud", scene).get("login")


def test_a_registry_of_no_cloud(tmp_path: Path) -> None:
    assert {} == facts_of("cloud", scene_in(tmp_path, aim=Aim(registry="registry.example")))
