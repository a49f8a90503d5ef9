"""Somebody whose deployment ends with `manifest unknown`, and what the doctor does for them."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.journeys.crew import PATIENCE_SECONDS, Printed, repository, wharf
from wharf.cli.output import width_of
from wharf.oci.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST
from wharf.testing.registry_process import RegistryProcess, without_settings

pytestmark = pytest.mark.slow
EXAMPLE = ROOT / "examples" / "manifest-unknown"
PAGE = ROOT / "docs" / "doctor.md"
NAME = "acme/hamalog-backend"
WORKFLOW = ".github/workflows/deploy-main.yml"
SCREEN = 40
OTHER_COMMIT = "0" * 40
_colour = re.compile(r"\x1b\[[0-9;]*m|\x1b\[K")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of the note in a repository of their own, as `git clone` leaves them."""
    return cloned(shutil.copytree(EXAMPLE, tmp_path / "hamalog-backend"))


@pytest.fixture
def at_home(tmp_path: Path, registry: RegistryProcess) -> Path:
    """The same, with a registry that runs here."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "at-home")
    for file in (WORKFLOW, "deploy.sh"):
        replace(folder / file, "ghcr.io", registry.host)
    return cloned(folder)


def cloned(folder: Path) -> Path:
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "remote", "add", "origin", f"git@github.com:{NAME}.git")
    return committed(folder)


def committed(folder: Path) -> Path:
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=crew", "-c", "user.email=crew@example.com", "commit", "--quiet", "-m", "as it is")
    return folder


def git(folder: Path, *words: str, typed: str = "") -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, input=typed, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    )
    return done.stdout.strip()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def doctor(folder: Path, *words: str | Path, **environ: str) -> Printed:
    return wharf("doctor", *words, folder=folder, **{"GITHUB_ACTIONS": "", **environ})


def offline(folder: Path, *words: str | Path, **environ: str) -> Printed:
    return doctor(folder, "--offline", *words, **environ)


def grave(printed: Printed) -> dict[str, str]:
    """What an error or a warning says, by its rule."""
    findings = json.loads(printed.out)["findings"]
    return {each["rule"]: told(each) for each in findings if each["severity"] != "note"}


def told(finding: dict[str, object]) -> str:
    return json.dumps(finding, ensure_ascii=False)


def push_build(registry: RegistryProcess, tag: str, revision: str, architecture: str = "amd64") -> None:
    """An image as CI builds it: with the label that names the commit."""
    labels = {"org.opencontainers.image.revision": revision}
    config = {"architecture": architecture, "os": "linux", "config": {"Labels": labels}}
    with repository(registry, NAME) as target:
        layer = target.push_blob(b"a layer", OCI_LAYER)
        rootfs = {"type": "layers", "diff_ids": [str(layer.digest)]}
        described = target.push_blob(json.dumps({**config, "rootfs": rootfs}).encode(), OCI_CONFIG)
        parts = {"config": described.to_json(), "layers": [layer.to_json()]}
        target.push_manifest({"schemaVersion": 2, "mediaType": OCI_MANIFEST, **parts}, tag)


def test_who_asks_why_an_image_does_not_arrive_is_told_in_one_screen(checkout: Path) -> None:
    sha = git(checkout, "rev-parse", "HEAD")
    seen = offline(checkout)

    assert (1, "") == (seen.code, seen.err)
    assert f"`ghcr.io/{NAME}:{sha}` is never pushed" in " ".join(seen.out.split())
    assert "error tag-never-pushed  deploy.sh:26:12" in seen.out
    assert f"CI pushes `sha-{sha[:7]}`: `type=sha` ({WORKFLOW}:42)" in seen.out
    assert SCREEN >= len(seen.out.splitlines())
    assert 80 >= max(width_of(line) for line in seen.out.splitlines())


def test_the_patch_mends_it_and_nothing_else(checkout: Path) -> None:
    patch = offline(checkout, "--diff")
    assert (1, "") == (patch.code, git(checkout, "status", "--porcelain"))
    git(checkout, "apply", typed=patch.out)

    assert f"M {WORKFLOW}" == git(checkout, "status", "--porcelain")
    assert 0 == offline(checkout).code


def test_what_is_mended_stays_mended_and_the_tags_tell_so(checkout: Path) -> None:
    forty = f"ghcr.io/{NAME}:{git(checkout, 'rev-parse', 'HEAD')}"
    assert forty not in offline(checkout, "--tags").out.split()
    mended = offline(checkout, "--fix")

    assert 0 == mended.code
    assert f"{WORKFLOW}: mended" in mended.out
    assert "+            type=sha,format=long,prefix=" == git(checkout, "diff", "--unified=0").splitlines()[-1]
    assert forty in offline(checkout, "--tags").out.split()
    assert "nothing can be mended safely" in offline(checkout, "--fix").out


def test_what_the_registry_holds_is_told_beside_it(at_home: Path, registry: RegistryProcess) -> None:
    sha = git(at_home, "rev-parse", "HEAD")
    push_build(registry, f"sha-{sha[:7]}", sha)
    seen = doctor(at_home, "--json")

    assert 1 == seen.code
    assert f"the registry has `{registry.host}/{NAME}:sha-{sha[:7]}`" in grave(seen)["tag-never-pushed"]
    assert [] == json.loads(seen.out)["not_looked_at"]


def test_a_tag_that_somebody_else_has_pushed_is_there(at_home: Path, registry: RegistryProcess) -> None:
    sha = git(at_home, "rev-parse", "HEAD")
    push_build(registry, sha, sha)
    seen = doctor(at_home, "--json")

    assert (0, {}) == (seen.code, grave(seen))


def test_an_image_of_another_commit_is_stale(at_home: Path, registry: RegistryProcess) -> None:
    sha = git(at_home, "rev-parse", "HEAD")
    push_build(registry, sha, OTHER_COMMIT)

    assert f"was built from {OTHER_COMMIT[:12]}, not from {sha[:12]}" in grave(doctor(at_home, "--json"))["stale-image"]


def test_a_platform_that_the_registry_lacks_is_missed(at_home: Path, registry: RegistryProcess) -> None:
    replace(at_home / "deploy.sh", "    ports:\n", "    platform: linux/arm64\n    ports:\n")
    sha = git(committed(at_home), "rev-parse", "HEAD")
    push_build(registry, sha, sha)
    seen = doctor(at_home, "--json")

    assert 1 == seen.code
    assert "is asked for as linux/arm64, and is there only for linux/amd64" in grave(seen)["platform-not-built"]


def test_a_registry_that_is_gone_is_named_among_what_nobody_could_see(at_home: Path, registry: RegistryProcess) -> None:
    registry.stop()
    seen = doctor(at_home)

    assert 1 == seen.code
    assert f"not looked at: what {registry.host}/{NAME} holds:" in seen.out


def test_a_korean_is_told_in_korean(checkout: Path) -> None:
    seen = offline(checkout, LC_ALL="ko_KR.UTF-8")

    assert 1 == seen.code
    assert "오류 tag-never-pushed  deploy.sh:26:12" in seen.out
    assert "오류 1건" in seen.out
    assert SCREEN >= len(seen.out.splitlines())
    assert 80 >= max(width_of(line) for line in seen.out.splitlines())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--fail-on", "note"), 1),
        (("--fail-on", "never"), 0),
        (("--event", "push", "--ref", "refs/tags/v1.0.0"), 0),
        (("--repository", "no name"), 2),
        (("nowhere",), 2),
    ],
)
def test_the_exit_code_is_for_ci(checkout: Path, words: tuple[str, ...], code: int) -> None:
    assert code == offline(checkout, *words).code


def test_what_is_ignored_with_a_reason_is_no_failure(checkout: Path) -> None:
    ignore = '[[doctor.ignore]]\nrule = "tag-never-pushed"\n'
    (checkout / "wharf.toml").write_text(ignore)
    refused = offline(checkout)
    (checkout / "wharf.toml").write_text(f'{ignore}reason = "the old machine goes in March"\n')

    assert 3 == refused.code
    assert "say why" in refused.complaint
    assert (0, True) == ((seen := offline(checkout)).code, "1 ignored in wharf.toml" in seen.out)


def test_in_actions_it_stands_beside_the_line(checkout: Path) -> None:
    mark = "::error file=deploy.sh,line=26,endLine=26,col=12,endColumn=38,title=wharf%3A tag-never-pushed::"

    assert mark in offline(checkout, GITHUB_ACTIONS="true").out
    assert mark not in offline(checkout).out


def test_on_a_terminal_it_is_coloured_and_leaves_no_trace_of_its_progress(checkout: Path) -> None:
    shown = on_a_terminal(checkout, "--offline")
    last_of_each_line = [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").split("\n")]
    plain = [_colour.sub("", line) for line in last_of_each_line]

    assert "\x1b[31merror \x1b[0m\x1b[1mtag-never-pushed\x1b[0m" in shown
    assert offline(checkout).out.splitlines() == plain[:-1]


@pytest.mark.parametrize("file", [".github/workflows/doctor.yml", ".gitlab-ci.yml"])
def test_what_the_page_proposes_for_ci_is_healthy(tmp_path: Path, file: str) -> None:
    proposed = re.search(rf"^`{re.escape(file)}`\n\n```yaml\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert proposed is not None
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(proposed[1])

    assert "nothing is wrong" in offline(tmp_path).out


def test_the_picture_on_the_page_is_the_one_that_is_drawn(tmp_path: Path) -> None:
    offline(EXAMPLE, "--repository", NAME, "--picture", tmp_path / "way.svg")

    assert (ROOT / "docs" / "pictures" / "manifest-unknown.svg").read_text() == (tmp_path / "way.svg").read_text()


def on_a_terminal(folder: Path, *words: str) -> str:
    """All that is written there."""
    inner, outer = pty.openpty()
    environ = {**without_settings(os.environ), "LC_ALL": "C.UTF-8", "TERM": "xterm", "GITHUB_ACTIONS": ""}
    command = [sys.executable, "-m", "wharf", "doctor", *words]
    with subprocess.Popen(command, cwd=folder, env=environ, stdout=outer, stderr=outer) as process:
        os.close(outer)
        said = b"".join(iter(lambda: read(inner), b""))
        process.wait(PATIENCE_SECONDS)
    os.close(inner)
    return said.decode()


def read(terminal: int) -> bytes:
    """Nothing more, once nobody writes to it."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
