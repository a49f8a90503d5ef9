"""What came of the last check of a place, so that one that runs every hour speaks only when something has changed.

It is a small file in the folder that programs keep their state in: `$XDG_STATE_HOME/wharf/check`, else
`~/.local/state/wharf/check`; on Windows under `%LOCALAPPDATA%`. No secret and no address but the registry's is in it.
"""

import json
import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from wharf.doctor.check.berth import Berth

Remembered: TypeAlias = tuple[tuple[str, ...], ...]
_LARGEST: Final = 256 * 1024
_OF: Final = "of"
_STEPS: Final = "steps"


class Memory:
    def __init__(self, environ: Mapping[str, str], home: Path, platform: str, berth: Berth) -> None:
        self._place = f"{berth.registry}/{berth.repository}"
        name = sha256(self._place.encode()).hexdigest()[:16]
        self.file = _state_folder(environ, home, platform) / "wharf" / "check" / f"{name}.json"

    def last(self) -> Remembered | None:
        """None where nothing is remembered, or nothing that can be read."""
        try:
            with self.file.open("rb") as opened:
                document = json.loads(opened.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return None
        steps = document.get(_STEPS) if isinstance(document, dict) else None
        if not isinstance(steps, list) or document.get(_OF) != self._place:
            return None
        return tuple(tuple(map(str, step)) for step in steps if isinstance(step, list))

    def remember(self, now: Remembered) -> None:
        """All of it or nothing: two runs at once do not mix theirs."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        try:
            with open(new, "x", encoding="utf-8", opener=_for_oneself) as opened:
                json.dump({_OF: self._place, _STEPS: now}, opened)
            new.replace(self.file)
        finally:
            new.unlink(missing_ok=True)


def _for_oneself(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _state_folder(environ: Mapping[str, str], home: Path, platform: str) -> Path:
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    return Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state")
