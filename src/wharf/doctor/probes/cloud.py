"""A cloud's own tool on this machine: whether it is there, whether it is logged in, and for which account and region.

Google's tool is asked with a copy of its settings, in a folder of the probe's own: it writes while it answers.
"""

import asyncio
import json
import re
import shutil
from base64 import b32decode
from binascii import Error as NotBase32
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as NotSettings
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from wharf.client.clouds.acr import ACR
from wharf.client.clouds.artifact_registry import ARTIFACT_REGISTRY
from wharf.client.clouds.cloud import host_of
from wharf.client.clouds.ecr import place_of
from wharf.credentials.places import WINDOWS
from wharf.doctor.ground.program import asked, found
from wharf.doctor.ground.small_file import beginning_of, is_there
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting

_OF_HELPERS: Final = {"ecr-login": "aws", "gcloud": "gcloud", "gcr": "gcloud", "acr-env": "az"}
_GCLOUD_FILES: Final = ("credentials.db", "access_tokens.db", "active_config", "config_sentinel")
_GCLOUD_LOGIN: Final = ("credentials.db", "application_default_credentials.json")
_LARGEST_COPY: Final = 16 << 20
_HAS_EXPIRED: Final = ("invalid_grant", "invalid_rapt", "reauth", "has been expired or revoked", "refresherror")
_IS_ABSENT: Final = ("do not currently have an active account", "no credentialed accounts", "no active account")
_AWS_ROLES: Final = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_ROLE_ARN")
_MOST_SESSIONS: Final = 20
_KEY_OF_AWS: Final = re.compile(r"A[KS]IA[A-Z2-7]{16}").fullmatch
_account_in_role = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::([0-9]{12}):").match
_account_in_host = re.compile(r"([0-9]{12})\.dkr[.-]").match


async def look(scene: Scene) -> Seen:
    sighting = Sighting("cloud")
    tool = tool_for(scene)
    if not tool:
        return sighting.done()
    is_there = found(scene, tool) is not None
    sighting.saw(
        "tool_on_path",
        is_there,
        f"`{tool}` is on PATH." if is_there else f"There is no `{tool}` on PATH.",
        f"PATH에 `{tool}` 명령이 있습니다." if is_there else f"PATH에 `{tool}` 명령이 없습니다.",
    )
    login = await _LOGINS[tool](scene)
    if login:
        sighting.saw("login", login, *_said_of_login(tool, login))
    if tool == "aws" and scene.aim.registry:
        await asyncio.to_thread(_see_place, scene, scene.aim.registry, sighting)
    return sighting.done()


def tool_for(scene: Scene) -> str:
    registry = scene.aim.registry or ""
    if registry and (place_of(registry) or _account_in_host(registry)):
        return "aws"
    if registry and ARTIFACT_REGISTRY.recognises(registry):
        return "gcloud"
    if registry and ACR.recognises(registry):
        return "az"
    return _OF_HELPERS.get(scene.aim.helper or "", "")


def _said_of_login(tool: str, login: str) -> tuple[str, str]:
    said = {
        "fresh": (f"`{tool}` is logged in.", f"`{tool}` 도구에 로그인되어 있습니다."),
        "expired": (f"The login of `{tool}` has expired.", f"`{tool}` 로그인이 만료되었습니다."),
        "absent": (f"`{tool}` has no login on this machine.", f"이 컴퓨터의 `{tool}` 도구에 로그인 정보가 없습니다."),
    }
    return said[login]


# --- Google --------------------------------------------------------------------------------------------------------


async def _login_of_gcloud(scene: Scene) -> str:
    """Only Google knows whether a login is good still, and its tool asks it."""
    folder = _gcloud_folder(scene)
    names_key = bool(scene.environ.get("GOOGLE_APPLICATION_CREDENTIALS"))
    if not names_key and not any(is_there(folder / name) for name in _GCLOUD_LOGIN):
        return "absent"
    with TemporaryDirectory(prefix="wharf-gcloud-") as copy:
        await asyncio.to_thread(_copy, folder, Path(copy))
        outcome = await asked(scene, "gcloud", "auth", "print-access-token", "--quiet", more={"CLOUDSDK_CONFIG": copy})
    if outcome is None or outcome.code is None:
        return ""
    said = outcome.err.decode("utf-8", "replace").lower()
    if outcome.code == 0:
        return "fresh"
    if any(mark in said for mark in _HAS_EXPIRED):
        return "expired"
    return "absent" if any(mark in said for mark in _IS_ABSENT) else ""


def _gcloud_folder(scene: Scene) -> Path:
    if named := scene.environ.get("CLOUDSDK_CONFIG"):
        return Path(named)
    if scene.platform == WINDOWS:
        return Path(scene.environ.get("APPDATA") or scene.home) / "gcloud"
    return scene.home / ".config/gcloud"


def _copy(folder: Path, copy: Path) -> None:
    for name in _GCLOUD_FILES:
        with suppress(OSError):
            if (folder / name).stat().st_size <= _LARGEST_COPY:
                shutil.copyfile(folder / name, copy / name)
    with suppress(OSError, shutil.Error):
        shutil.copytree(folder / "configurations", copy / "configurations")


# --- Azure ---------------------------------------------------------------------------------------------------------


async def _login_of_az(scene: Scene) -> str:
    """Its profile lists the subscriptions of whoever is logged in; whether Azure still takes it is not in it."""
    folder = Path(scene.environ.get("AZURE_CONFIG_DIR") or scene.home / ".azure")
    text = beginning_of(folder / "azureProfile.json")
    with suppress(ValueError, RecursionError, AttributeError):
        if text is None or not json.loads(text.removeprefix("\ufeff")).get("subscriptions"):
            return "absent"
    return ""


# --- Amazon --------------------------------------------------------------------------------------------------------


async def _login_of_aws(scene: Scene) -> str:
    return await asyncio.to_thread(_aws_login, scene)


def _aws_login(scene: Scene) -> str:
    environ, now = scene.environ, scene.clock()
    if environ.get("AWS_ACCESS_KEY_ID"):
        ends = _moment(environ.get("AWS_CREDENTIAL_EXPIRATION", ""))
        return "expired" if ends and ends < now else "fresh"
    profile = _aws_profile(scene)
    if "aws_access_key_id" in profile:
        return "fresh"
    if any(name in profile for name in ("sso_session", "sso_start_url")):
        ends_at = [_moment(text) for text in _sso_ends(scene)]
        return "fresh" if any(ends and ends > now for ends in ends_at) else "expired" if ends_at else "absent"
    knows_another_way = bool(profile) or any(environ.get(name) for name in _AWS_ROLES)
    return "" if knows_another_way else "absent"


def _aws_profile(scene: Scene) -> Mapping[str, str]:
    """What both files say of the profile that is used."""
    name = scene.environ.get("AWS_PROFILE") or scene.environ.get("AWS_DEFAULT_PROFILE") or "default"
    folder = scene.home / ".aws"
    settings = Path(scene.environ.get("AWS_CONFIG_FILE") or folder / "config")
    keys = Path(scene.environ.get("AWS_SHARED_CREDENTIALS_FILE") or folder / "credentials")
    titled = name if name == "default" else f"profile {name}"
    return {**_section(settings, titled), **_section(keys, name)}


def _section(path: Path, name: str) -> Mapping[str, str]:
    parser = ConfigParser(interpolation=None, strict=False, default_section="none of them")
    with suppress(NotSettings):
        parser.read_string(beginning_of(path) or "")
        if parser.has_section(name):
            return dict(parser.items(name))
    return {}


def _sso_ends(scene: Scene) -> Iterator[str]:
    with suppress(OSError):
        for file in sorted((scene.home / ".aws/sso/cache").glob("*.json"))[:_MOST_SESSIONS]:
            with suppress(ValueError, RecursionError, AttributeError):
                session = json.loads(beginning_of(file) or "")
                if session.get("accessToken") and isinstance(session.get("expiresAt"), str):
                    yield session["expiresAt"]


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text.replace("UTC", "+00:00"))
        return moment if moment.tzinfo else None
    return None


def _see_place(scene: Scene, registry: str, sighting: Sighting) -> None:
    """Beside the host of the registry, in which both stand."""
    profile, place = _aws_profile(scene), place_of(registry)
    region = scene.environ.get("AWS_REGION") or scene.environ.get("AWS_DEFAULT_REGION") or profile.get("region")
    if place and region:
        sighting.saw(
            "region_agrees",
            region == place.region,
            f"This machine is set to the region {region}, and the host is in {place.region}.",
            f"이 컴퓨터의 리전 설정은 {region}, 호스트의 리전은 {place.region}입니다.",
        )
    wanted, own = _account_in_host(host_of(registry)), _account(scene.environ, profile)
    if wanted and own:
        sighting.saw(
            "account_agrees",
            own == wanted[1],
            f"This machine's keys are of the account {own}, and the host is of {wanted[1]}.",
            f"이 컴퓨터의 키는 계정 {own}의 것이고 호스트의 계정은 {wanted[1]}입니다.",
        )


def _account(environ: Mapping[str, str], profile: Mapping[str, str]) -> str:
    role = _account_in_role(environ.get("AWS_ROLE_ARN") or profile.get("role_arn", ""))
    if role:
        return role[1]
    return profile.get("sso_account_id", "") or _account_of_key(
        environ.get("AWS_ACCESS_KEY_ID") or profile.get("aws_access_key_id", "")
    )


def _account_of_key(key: str) -> str:
    """The identifier of a key, which is no secret, holds the number of its account."""
    if not _KEY_OF_AWS(key):
        return ""
    with suppress(NotBase32, ValueError):
        number = int.from_bytes(b32decode(key[4:])[:6], "big")
        return f"{(number & 0x7FFFFFFFFF80) >> 7:012d}"
    return ""


_LOGINS: Final = {"gcloud": _login_of_gcloud, "az": _login_of_az, "aws": _login_of_aws}
