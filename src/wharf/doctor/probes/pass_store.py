"""The password store `pass` of this account: its folder, its key, its agent. Nothing in it is opened.

gpg writes into its folder even when it only lists keys, so it is shown copies of the public part, in a folder of the
probe's own. What is secret stays where it is: whether there is a secret key, and whether it has a passphrase, shows in
the name and the first words of its file.
"""

import asyncio
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from wharf.credentials.keys import docker_key
from wharf.doctor.ground.program import asked
from wharf.doctor.ground.small_file import beginning_of, is_there
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.errors import shown

_ROOM: Final = "docker-credential-helpers"
_PUBLIC: Final = ("pubring.kbx", "pubring.gpg", "trustdb.gpg")
_ENDING: Final = ".gpg"
_UNUSABLE: Final = {"e": "expired", "r": "expired", "d": "expired", "i": "untrusted"}
_TRUSTED: Final = frozenset({"u", "f", "m"})
_WORST_LAST: Final = ("usable", "untrusted", "expired", "secret-missing", "absent")


async def look(scene: Scene) -> Seen:
    sighting = Sighting("pass-store")
    store = Path(scene.environ.get("PASSWORD_STORE_DIR") or scene.home / ".password-store")
    ids = _ids(store)
    sighting.saw(
        "initialised",
        bool(ids),
        f"{store} is the store of this account." if ids else f"There is no {store / '.gpg-id'} of this account's own.",
        f"이 계정의 저장소는 {store}입니다." if ids else f"이 계정에 {store / '.gpg-id'} 파일이 없습니다.",
    )
    if scene.aim.registry:
        _see_entry(store, scene.aim.registry, sighting)
    if ids:
        await _see_keys(scene, ids, sighting)
    return sighting.done()


def _ids(store: Path) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in (beginning_of(store / ".gpg-id") or "").splitlines())
    return tuple(line for line in lines if line and not line.startswith("-"))


def _see_entry(store: Path, registry: str, sighting: Sighting) -> None:
    """The helper keeps a folder for each address, and in it a file for each account."""
    folder = store / _ROOM / urlsafe_b64encode(docker_key(registry).encode()).decode()
    files: list[Path] = []
    with suppress(OSError):
        files = [file for file in folder.iterdir() if file.suffix == _ENDING and file.stat().st_size]
    word = "whole" if files else "empty" if is_there(folder) else "absent"
    sighting.saw(
        "entry",
        word,
        {"whole": f"The store has an entry for {registry}.", "empty": f"The folder of {registry} is empty."}.get(
            word, f"The store has no entry for {registry}."
        ),
        {"whole": f"저장소에 {registry} 항목이 있습니다.", "empty": f"{registry} 폴더가 비어 있습니다."}.get(
            word, f"저장소에 {registry} 항목이 없습니다."
        ),
    )


@dataclass(frozen=True, slots=True)
class _Key:
    validity: str
    grips: tuple[str, ...] = field(default=())
    """By which its files are called: one for the key, one for each subkey that encrypts."""


async def _see_keys(scene: Scene, ids: Iterable[str], sighting: Sighting) -> None:
    gpg = Path(scene.environ.get("GNUPGHOME") or scene.home / ".gnupg")
    keys: list[_Key | None] = []
    for name in ids:
        known = await _keys_called(scene, gpg, name)
        if known is None:
            return
        keys.append(known[0] if known else None)
    words = [_word(gpg, key) for key in keys]
    word = max(words, key=_WORST_LAST.index)
    sighting.saw("key", word, *_said_of_key(word, ", ".join(map(shown, ids))))
    grips = [grip for key in keys if key for grip in key.grips]
    if word in {"usable", "untrusted"} and grips:
        locked = await _is_locked(scene, gpg, grips[-1])
        sighting.saw(
            "agent_locked",
            locked,
            "The key has a passphrase, and no gpg agent has it open." if locked else "",
            "키에 암호가 있으며 gpg 에이전트가 잠겨 있습니다." if locked else "",
        )


async def _keys_called(scene: Scene, gpg: Path, name: str) -> tuple[_Key, ...] | None:
    """None where gpg could not be asked."""
    with TemporaryDirectory(prefix="wharf-gpg-") as copy:
        for file in _PUBLIC:
            with suppress(OSError):
                await asyncio.to_thread(shutil.copyfile, gpg / file, Path(copy) / file)
        options = ("--batch", "--no-tty", "--homedir", copy, "--with-colons", "--with-keygrip", "--list-keys")
        outcome = await asked(scene, "gpg", *options, "--", name)
    if outcome is None or outcome.code is None:
        return None
    return _read_keys(outcome.out.decode("utf-8", "replace"))


def _read_keys(listing: str) -> tuple[_Key, ...]:
    """gpg's listing for programs: a line for each key and subkey, its validity and what it can do in columns."""
    keys: list[_Key] = []
    encrypts = False
    for line in listing.splitlines():
        columns = [*line.split(":"), *[""] * 12]
        if columns[0] == "pub":
            keys.append(_Key(columns[1][:1]))
        if columns[0] in {"pub", "sub"}:
            encrypts = "e" in columns[11] and columns[1] not in _UNUSABLE
        if columns[0] == "grp" and keys and encrypts:
            keys[-1] = _Key(keys[-1].validity, (*keys[-1].grips, columns[9]))
    return tuple(keys)


def _word(gpg: Path, key: _Key | None) -> str:
    if key is None:
        return "absent"
    if key.validity in _UNUSABLE:
        return _UNUSABLE[key.validity]
    if not key.grips:
        return "expired"
    if not any(is_there(_file_of(gpg, grip)) for grip in key.grips):
        return "secret-missing"
    return "usable" if key.validity in _TRUSTED else "untrusted"


def _said_of_key(word: str, ids: str) -> tuple[str, str]:
    said = {
        "usable": (f"gpg has the key {ids} of the store.", f"gpg에 저장소의 키 {ids}가 있습니다."),
        "secret-missing": (
            f"gpg has no secret key for {ids}, with which the store was made.",
            f"gpg에 저장소를 만든 키 {ids}의 비밀 키가 없습니다.",
        ),
        "expired": (f"The key {ids} of the store has expired.", f"저장소의 키 {ids}가 만료되었습니다."),
        "untrusted": (
            f"gpg does not trust the key {ids} of the store.",
            f"gpg가 저장소의 키 {ids}를 신뢰하지 않습니다.",
        ),
        "absent": (f"gpg does not know the key {ids} of the store.", f"gpg가 저장소의 키 {ids}를 알지 못합니다."),
    }
    return said[word]


async def _is_locked(scene: Scene, gpg: Path, grip: str) -> bool:
    """A key without a passphrase never is. An agent that does not run has nothing open; none is started."""
    if "protected-private-key" not in (beginning_of(_file_of(gpg, grip)) or ""):
        return False
    question = ("--no-autostart", "--homedir", str(gpg), f"KEYINFO {grip}", "/bye")
    outcome = await asked(scene, "gpg-connect-agent", *question)
    said = outcome.out.decode("utf-8", "replace").split("\n")[0].split() if outcome else []
    is_open = said[:2] == ["S", "KEYINFO"] and len(said) > 6 and said[6] == "1"
    return not is_open


def _file_of(gpg: Path, grip: str) -> Path:
    return gpg / "private-keys-v1.d" / f"{grip}.key"
