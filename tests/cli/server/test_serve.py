import json
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.stage import Outcome, run
from wharf.cli.server.serve import serve_command
from wharf.registry.settings.table import TABLE, Address, Settings

Begun = list[tuple[Settings, Sequence[str]]]


def serve(folder: Path, arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> tuple[Outcome, Begun]:
    """The command with a server that only remembers what it was given."""
    begun: Begun = []
    command = serve_command(lambda settings, warnings, _password: begun.append((settings, warnings)))
    here = {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    return run(folder, arguments, here | dict(environ or {}), command), begun


def served(folder: Path, arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> Settings:
    outcome, begun = serve(folder, arguments, environ)
    assert outcome == Outcome(0, "", "")
    return begun[0][0]


def test_without_flags_it_serves_with_defaults(tmp_path: Path) -> None:
    assert served(tmp_path, []).listen == Address("127.0.0.1", 5000)


def test_there_is_a_flag_for_each_setting() -> None:
    flags = {flag for parameter in serve_command(lambda *_: None).params for flag in parameter.opts}
    assert {setting.flag for setting in TABLE} | {"--config"} == flags


def test_flags_are_settings(tmp_path: Path) -> None:
    settings = served(tmp_path, ["--data", "/srv/wharf", "--listen", "[::1]:80", "--gc-grace=10m", "--workers", "3"])
    assert (settings.data, settings.listen) == (Path("/srv/wharf"), Address("::1", 80))
    assert (settings.gc_grace, settings.workers) == (600.0, 3)


def test_open_is_a_switch(tmp_path: Path) -> None:
    """It overrules a refusal from the environment, so it must have been set."""
    assert served(tmp_path, ["--open"], {"WHARF_OPEN": "false"}).open is True


def test_the_environment_is_read(tmp_path: Path) -> None:
    assert served(tmp_path, [], {"WHARF_WORKERS": "3"}).workers == 3


def test_the_file_in_the_current_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text("workers = 3\n")
    assert served(tmp_path, []).workers == 3


def test_a_named_file_is_read_in_place_of_it(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text("workers = 3\n")
    (tmp_path / "other.toml").write_text("workers = 2\n")
    assert served(tmp_path, ["--config", str(tmp_path / "other.toml")]).workers == 2


@pytest.mark.parametrize("named", ["", "missing.toml"])
def test_a_file_that_is_not_there_ends_with_3(tmp_path: Path, named: str) -> None:
    outcome, begun = serve(tmp_path, ["--config", named])
    assert (outcome.code, begun) == (3, [])
    assert "from: flag --config" in outcome.err


def test_all_wrong_settings_are_explained_and_nothing_is_served(tmp_path: Path) -> None:
    (tmp_path / "wharf.toml").write_text("\nworkers = 0\n")
    outcome, begun = serve(tmp_path, ["--listen", "nowhere"], {"WHARF_GC_GRACE": "soon"})
    assert (outcome.code, outcome.out, begun) == (3, "", [])
    words = " ".join(outcome.err.split())
    assert "from: flag --listen next:" in words
    assert f"from: {tmp_path}/wharf.toml line 2 next:" in words
    assert "from: environment variable WHARF_GC_GRACE next:" in words


def test_an_open_registry_for_others_ends_with_3(tmp_path: Path) -> None:
    outcome, _ = serve(tmp_path, ["--open", "--listen", "0.0.0.0:5000"])
    assert outcome.code == 3
    assert outcome.err.startswith("error: setting listen: 0.0.0.0 can be reached from other machines")


def test_a_variable_that_resembles_a_setting_is_for_the_log(tmp_path: Path) -> None:
    outcome, begun = serve(tmp_path, [], {"WHARF_LISTN": "x", "WHARF_CONFORMANCE_URL": "http://x"})
    assert outcome == Outcome(0, "", "")
    assert begun[0][1] == ["WHARF_LISTN is no setting; did you mean WHARF_LISTEN?"]


@pytest.mark.slow
def test_the_real_server_logs_warnings_in_its_own_form_and_its_errors_are_explained(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "wharf", "serve", "--data", str(tmp_path / "data"), "--listen", port],
            env={"WHARF_LISTN": "x", "HOME": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
    log, *said = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (3, "")
    assert json.loads(log)["message"] == "WHARF_LISTN is no setting; did you mean WHARF_LISTEN?"
    assert said[0] == f"error: 127.0.0.1:{port} is in use by another program"
