"""Docker's config.json: where it lies, its form, what stands in it for the registry, and whether it can be written."""

import asyncio
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from wharf.doctor.ground.account import name_of, other_homes, own_uid
from wharf.doctor.ground.docker_config import (
    DockerConfig,
    bad_auths,
    config_in,
    config_of_scene,
    containers_configs,
    entry_word,
    form_of,
    host_shown,
)
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.probes.machine import ci_of
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import shown
from wharf.oci.nearness import nearness
from wharf.oci.reference import DOCKER_HUB

_STORE: Final = "credsStore"
_OTHER_FIELDS: Final = frozenset({"credhelpers", "currentcontext", "stackorchestrator"})
_NEAR: Final = 0.7
_MOST_MOUNTS: Final = 4 << 20
_octal = re.compile(r"\\([0-7]{3})")


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    config, sighting = config_of_scene(scene), Sighting("config")
    _see_place(scene, config, sighting)
    _see_file(scene, config, sighting)
    _see_form(config, sighting)
    _see_entries(scene, config, sighting)
    _see_stores(config, sighting)
    if scene.aim.registry:
        _see_entry(scene, config, scene.aim.registry, sighting)
    _see_sharing(scene, config, sighting)
    return sighting.done()


# --- where it lies -------------------------------------------------------------------------------------------------


def _see_place(scene: Scene, config: DockerConfig, sighting: Sighting) -> None:
    folder = config.path.parent
    is_missing, is_homeless = not _is_folder(folder), not _is_folder(scene.home)
    sighting.saw("folder_missing", is_missing)
    sighting.saw(
        "home_missing",
        is_homeless,
        f"The home folder {scene.home} is not there." if is_homeless else "",
        f"홈 폴더({scene.home})가 없습니다." if is_homeless else "",
    )
    _see_strange_places(config, sighting)
    existing = next((place for place in (folder, *folder.parents) if _is_folder(place)), folder)
    can_write = _may(existing, os.W_OK)
    sighting.saw(
        "folder_writable",
        can_write,
        f"This account can write into {existing}." if can_write else f"This account cannot write into {existing}.",
        f"이 계정은 {existing}에 쓸 수 있습니다." if can_write else f"이 계정은 {existing}에 쓸 수 없습니다.",
    )


def _see_strange_places(config: DockerConfig, sighting: Sighting) -> None:
    """A folder in the place of the file, and a file in the place of its folder: mounts and copies make them."""
    folder = config.path.parent
    is_folder, is_file = _is_folder(config.path), folder.exists() and not _is_folder(folder)
    sighting.saw(
        "is_folder",
        is_folder,
        f"{config.place} is a folder." if is_folder else "",
        f"{config.place}은 폴더입니다." if is_folder else "",
    )
    sighting.saw(
        "folder_is_file",
        is_file,
        f"{folder} is a file, and should be a folder." if is_file else "",
        f"{folder}는 폴더여야 하지만 파일입니다." if is_file else "",
    )


def _see_file(scene: Scene, config: DockerConfig, sighting: Sighting) -> None:
    found, path = config.found, config.path
    sighting.saw("present", not found.is_missing)
    if found.is_missing:
        return
    is_readable = found.raw is not None
    sighting.saw(
        "readable",
        is_readable,
        f"This account can read {config.place}." if is_readable else f"{config.place} cannot be read: {found.problem}.",
        f"이 계정은 {config.place}을 읽을 수 있습니다." if is_readable else f"{config.place}을 읽을 수 없습니다.",
    )
    sighting.saw("writable", _may(path, os.W_OK))
    _see_owner(scene, config, sighting)
    _see_link(config, sighting)
    is_mount = not {str(path), os.path.realpath(path)}.isdisjoint(_mounts(scene))
    sighting.saw(
        "mounted",
        is_mount,
        f"{config.place} is itself a mount." if is_mount else "",
        f"{config.place} 자체가 마운트입니다." if is_mount else "",
    )


def _see_owner(scene: Scene, config: DockerConfig, sighting: Sighting) -> None:
    """Of a file that cannot be looked at, its folder's owner tells."""
    owner = next((found for place in (config.path, config.path.parent) if (found := _owner(place)) is not None), None)
    if owner is None or (own := own_uid()) is None:
        return
    name = name_of(scene, owner)
    sighting.saw(
        "owned_by_other",
        owner != own,
        f"{config.place} belongs to {name}." if owner != own else "",
        f"{config.place}은 {name} 계정의 소유입니다." if owner != own else "",
    )


def _see_link(config: DockerConfig, sighting: Sighting) -> None:
    is_link = config.path.is_symlink()
    target = Path(os.path.realpath(config.path))
    sighting.saw(
        "symlink",
        is_link,
        f"{config.place} is a link to {target}." if is_link else "",
        f"{config.place}은 {target}에 대한 심볼릭 링크입니다." if is_link else "",
    )
    with suppress(OSError):
        sighting.saw("on_other_filesystem", target.parent.stat().st_dev != config.path.parent.stat().st_dev)


# --- what it is ----------------------------------------------------------------------------------------------------


def _see_form(config: DockerConfig, sighting: Sighting) -> None:
    if (raw := config.found.raw) is None:
        return
    encoding = _encoding(raw)
    form = form_of(config.text, config.config)
    at = shown(next(iter(config.config.faults), ""))
    sighting.saw("encoding", encoding, *_encoded(config.place, encoding))
    sighting.saw("form", form, *_formed(config.place, form, at))


def _encoding(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:2]:
        return "utf-16"
    return "utf-8-bom" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"


def _encoded(place: str, encoding: str) -> tuple[str, str]:
    if encoding == "utf-16":
        return f"{place} is written in UTF-16.", f"{place}은 UTF-16으로 작성되어 있습니다."
    if encoding == "utf-8-bom":
        return f"{place} begins with the bytes EF BB BF.", f"{place}이 EF BB BF 바이트로 시작합니다."
    return "", ""


def _formed(place: str, form: str, at: str) -> tuple[str, str]:
    if form == "whole":
        return f"{place} is JSON as docker expects it.", f"{place}은 docker가 기대하는 형식의 JSON입니다."
    if form == "empty":
        return f"{place} is empty.", f"{place}이 비어 있습니다."
    if form == "truncated":
        return f"{place} ends in the middle: {at}.", f"{place}이 중간에서 끊겨 있습니다({at})."
    return f"{place} is not what docker expects: {at}.", f"{place}의 형식이 docker가 기대하는 것과 다릅니다({at})."


def _see_entries(scene: Scene, config: DockerConfig, sighting: Sighting) -> None:
    """Podman stumbles over such entries in its own files as well, and does not say in which."""
    if config.found.raw is None and not config.found.is_missing:
        return
    files = (config, *containers_configs(scene))
    place, bad = next(((file.place, bad) for file in files for bad in bad_auths(file.root, file.text)), ("", None))
    if bad is None:
        sighting.saw("bad_entry", "none")
        return
    host, line, flaw = bad
    sighting.saw(
        "bad_entry",
        flaw,
        f"Line {line} of {place}, the entry for {host}: {_FLAWS[flaw][0]}.",
        f"{place} {line}행의 {host} 항목: {_FLAWS[flaw][1]}.",
    )


_FLAWS: Final = {
    "base64": ("its `auth` is not base64", "`auth`가 base64가 아닙니다"),
    "no-colon": ("its `auth` is base64 without a name and a colon", "`auth`의 base64 안에 이름과 콜론이 없습니다"),
    "url-safe": (
        "its `auth` is base64 as in URLs, or without its padding",
        "`auth`가 URL용 base64이거나 패딩이 없습니다",
    ),
    "line-end": ("its `auth` has white space or a written line end in it", "`auth`에 공백이나 줄바꿈 표기가 있습니다"),
}


def _see_stores(config: DockerConfig, sighting: Sighting) -> None:
    if config.found.raw is None and not config.found.is_missing:
        return
    store, helpers = config.config.creds_store, frozenset(filter(None, config.config.cred_helpers.values()))
    sighting.saw(
        "store",
        store or frozenset[str](),
        f"`credsStore` in {config.place} is `{store}`." if store else f"{config.place} names no `credsStore`.",
        f"{config.place}의 `credsStore`는 `{store}`입니다." if store else f"{config.place}에 `credsStore`가 없습니다.",
    )
    sighting.saw("helpers", helpers)
    wrong = next(_misspelled(config), "")
    sighting.saw("misspelled_store", bool(wrong), *(_said_of_name(config.place, wrong) if wrong else ("", "")))


def _misspelled(config: DockerConfig) -> Iterator[str]:
    for member in config.root.members:
        name = member.name.casefold()
        plain = name.replace("_", "").replace("-", "").replace("credential", "cred")
        is_near = name not in _OTHER_FIELDS and nearness(plain, _STORE.casefold()) > _NEAR
        if member.name != _STORE and is_near:
            yield shown(member.name)


def _said_of_name(place: str, name: str) -> tuple[str, str]:
    """Docker does not distinguish cases; programs that read its file do."""
    if name.casefold() == _STORE.casefold():
        return (
            f"{place} has the key `{name}`, which not every program takes for `{_STORE}`.",
            f"{place}의 `{name}` 키를 `{_STORE}`로 인식하지 않는 프로그램이 있습니다.",
        )
    return (
        f"{place} has the key `{name}`, which docker does not know.",
        f"{place}에 docker가 인식하지 못하는 `{name}` 키가 있습니다.",
    )


# --- who is logged in ----------------------------------------------------------------------------------------------


def _see_entry(scene: Scene, config: DockerConfig, registry: str, sighting: Sighting) -> None:
    if config.found.raw is None and not config.found.is_missing:
        return
    word = entry_word(config, registry)
    if word:
        sighting.saw("entry", word, *_said_of_entry(config, registry, word))
    elsewhere = [place for place in _elsewhere(scene, config) if entry_word(place, registry) in _LOGGED_IN]
    if elsewhere or not any(each.found.raw is None and not each.found.is_missing for each in _elsewhere(scene, config)):
        named = next((each.place for each in elsewhere), "")
        sighting.saw(
            "other_home_has_entry",
            bool(elsewhere),
            f"{named} has a login for {registry}." if named else "",
            f"{named}에 {registry} 로그인이 있습니다." if named else "",
        )


_LOGGED_IN: Final = frozenset({"marker", "password", "identity-token"})


def _said_of_entry(config: DockerConfig, registry: str, word: str) -> tuple[str, str]:
    if word == "absent":
        return f"{config.place} has no entry for {registry}.", f"{config.place}에 {registry} 항목이 없습니다."
    if word == "other-form":
        placed = config.overlooked_for(registry)
        key = host_shown(placed.key) if placed and registry != DOCKER_HUB else "another name of it"
        return (
            f"{config.place} has an entry for {registry} under a key of another form: {key}.",
            f"{config.place}에 {registry} 항목이 다른 형태의 키로 기록되어 있습니다.",
        )
    if word == "empty":
        return (
            f"The entry for {registry} in {config.place} has no password, and no helper is named there.",
            f"{config.place}의 {registry} 항목에 비밀번호가 없고, 지정된 도우미도 없습니다.",
        )
    return f"{config.place} has an entry for {registry}.", f"{config.place}에 {registry} 항목이 있습니다."


def _elsewhere(scene: Scene, config: DockerConfig) -> Iterator[DockerConfig]:
    """DOCKER_CONFIG may lead away from one's own as well."""
    for home in (scene.home, *other_homes(scene)):
        other = config_in(home / ".docker", scene.home)
        if other.path != config.path:
            yield other


def _see_sharing(scene: Scene, config: DockerConfig, sighting: Sighting) -> None:
    shared = _is_shared(scene)
    if shared is not None:
        sighting.saw(
            "shared_by_jobs",
            shared,
            f"Every job of this account uses {config.place}." if shared else "",
            f"이 계정의 모든 작업이 {config.place}을 사용합니다." if shared else "",
        )


def _is_shared(scene: Scene) -> bool | None:
    """A machine or container that is made for one job shares nothing. Not every CI system tells whether it is so."""
    environ, ci = scene.environ, ci_of(scene.environ)
    if ci == "none" or environ.get("DOCKER_CONFIG"):
        return False
    if ci == "github-actions":
        return {"self-hosted": True, "github-hosted": False}.get(environ.get("RUNNER_ENVIRONMENT", ""))
    if ci == "gitlab":
        return not environ.get("CI_DISPOSABLE_ENVIRONMENT")
    return bool(environ.get("EXECUTOR_NUMBER")) or None


# --- the disk ------------------------------------------------------------------------------------------------------


def _mounts(scene: Scene) -> Iterator[str]:
    table = beginning_of(of_system(scene, "/proc/self/mountinfo"), _MOST_MOUNTS) or ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) > 4:
            yield _octal.sub(lambda found: chr(int(found[1], 8)), fields[4])


def _is_folder(path: Path) -> bool:
    with suppress(OSError, ValueError):
        return stat.S_ISDIR(path.stat().st_mode)
    return False


def _owner(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return path.lstat().st_uid
    return None


def _may(path: Path, what: int) -> bool:
    """By the account that counts when files are opened, as far as the system tells the two apart."""
    with suppress(OSError, ValueError):
        return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)
    return False
