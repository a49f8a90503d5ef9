"""Homes with files of credentials in them, and credential helpers that are real programs."""

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from wharf.credentials.chain import DockerKeychain, keychain_of
from wharf.oci.strict_json import JsonValue

# Keeps its entries in a file beside itself, as a plain helper does.
_KEEPER = """#!{python} -IS
import json, pathlib, sys
kept = pathlib.Path(__file__).with_suffix(".kept")
entries = json.loads(kept.read_text()) if kept.exists() else {{}}
action, given = sys.argv[1], sys.stdin.read().strip()
if action == "list":
    print(json.dumps({{url: entry["Username"] for url, entry in entries.items()}}))
elif action == "store":
    entry = json.loads(given)
    entries[entry["ServerURL"]] = entry
    kept.write_text(json.dumps(entries))
elif given not in entries:
    sys.exit(print("credentials not found in native keychain") or 1)
elif action == "get":
    print(json.dumps(entries[given]))
else:
    del entries[given]
    kept.write_text(json.dumps(entries))
"""


def auth(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode()


class Home:
    """A person's home folder, with a folder of programs that is all of PATH."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.path = folder / "home"
        self.bin = folder / "bin"
        for each in (self.path, self.bin):
            each.mkdir(parents=True, exist_ok=True)
        self.environ: dict[str, str] = {"HOME": str(self.path), "PATH": str(self.bin), **environ}
        self.config = self.path / ".docker" / "config.json"

    def write_config(self, content: Mapping[str, JsonValue] | str | bytes) -> Path:
        return self.write(self.config, content)

    def write(self, path: Path, content: Mapping[str, JsonValue] | str | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str | bytes) else json.dumps(content, indent=2)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def program(self, name: str, script: str, mode: int = 0o755) -> Path:
        path = self.bin / name
        path.write_text(script)
        path.chmod(mode)
        return path

    def keeper(self, name: str, **usernames: str) -> Path:
        """A helper that works."""
        path = self.program(f"docker-credential-{name}", _KEEPER.format(python=sys.executable))
        kept = {url: {"ServerURL": url, "Username": name, "Secret": "s"} for url, name in usernames.items()}
        path.with_suffix(".kept").write_text(json.dumps(kept))
        return path

    def shell(self, name: str, script: str) -> Path:
        """A helper that does as the lines of shell say."""
        return self.program(f"docker-credential-{name}", f"#!/bin/sh\n{script}\n")

    def keychain(
        self, config_dir: Path | None = None, platform: str = "linux", patience_seconds: float = 60.0
    ) -> DockerKeychain:
        return keychain_of(self.environ, self.path, platform, config_dir, uid=54321, patience_seconds=patience_seconds)
