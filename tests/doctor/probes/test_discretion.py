"""Secrets lie everywhere on this machine, and every probe of the machine looks: none of them tells one."""

import json
from base64 import b64encode
from pathlib import Path

from tests.doctor.probes.ground import REGISTRY, programs_in, scene_in
from tests.doctor.worlds.world import World
from wharf.doctor.scene import Aim

PASSWORD = "hunter2-and-more-of-it"
TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
AUTH = b64encode(f"mina:{PASSWORD}".encode()).decode()
OWN = [
    "machine",
    "session",
    "variables",
    "config",
    "credential-program",
    "pass-store",
    "secret-service",
    "windows-vault",
    "keychain",
    "desktop",
    "secret",
    "containers-config",
    "command-line",
    "cloud",
    "github",
    "checkout",
]


def test_no_probe_tells_a_secret(tmp_path: Path) -> None:
    config = {"auths": {f"https://mina:{PASSWORD}@{REGISTRY}": {"auth": AUTH}, "b.example": {"auth": PASSWORD}}}
    files = {
        "home/mina/.docker/config.json": json.dumps({**config, "credsStore": "odd", "credStore": PASSWORD}),
        "home/mina/.config/containers/auth.json": json.dumps(config),
        "home/mina/.aws/credentials": f"[default]\naws_access_key_id = AKIAX\naws_secret_access_key = {PASSWORD}\n",
    }
    failing = f"""echo '{{"Username": "mina", "Secret": "{PASSWORD}"}}'; echo 'token {TOKEN}' >&2; exit 1"""
    path = programs_in(tmp_path, docker_credential_odd=failing)
    environ = {
        "PATH": path,
        "REGISTRY_PASSWORD": PASSWORD,
        "GITHUB_TOKEN": TOKEN,
        "DOCKER_AUTH_CONFIG": json.dumps(config),
    }
    log = f"docker login -u mina -p {PASSWORD} {REGISTRY}\nAuthorization: Basic {AUTH}"
    scene = scene_in(tmp_path, dict(files), aim=Aim(registry=REGISTRY, log=log), more=environ)
    seen = World(scene).probed(*OWN)
    told = f"{dict(seen.facts.known)} {dict(seen.shown)} {seen.unseen}"
    assert [] == [secret for secret in (PASSWORD, TOKEN, AUTH) if secret in told]
    assert "credential-program.outcome" in told
