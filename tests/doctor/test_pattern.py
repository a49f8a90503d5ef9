import pytest

from wharf.doctor.pattern import Capture, Pattern, Program
from wharf.doctor.squeezed import Places, squeezed_log
from wharf.errors import SettingRefused

ANYBODY = frozenset({Program.CLI})


def captured(template: str, text: str) -> dict[str, str] | None:
    pattern = Pattern.parse(template, ANYBODY)
    found = pattern.found_in(squeezed_log(text.encode()))
    if found is None:
        return None
    fitted = pattern.fitted(Places(text), found.begin)
    return {capture.label: value for capture, value in fitted.captured.items()} if fitted else None


def test_a_template_without_captures_is_a_text() -> None:
    assert {} == captured("pass not initialized", "out: `Pass  not\ninitialized`")


def test_its_characters_mean_themselves() -> None:
    assert captured("error (-25308)", "error (-25308)") == {}
    assert captured("error (-25308)", "error -25308") is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/srv/ci", "open /srv/ci/.docker/config.json: permission denied"),
        ("/srv/ci user", "open /srv/ci user/.docker/config.json: permission denied"),
        ("~", "open ~/.docker/config.json: permission denied"),
        ("/mnt/Data", 'open "/mnt/Da\nta/.docker/config.json": permission denied'),
    ],
)
def test_a_path_is_taken_as_it_stands(path: str, text: str) -> None:
    assert {"path": path} == captured("open {path}/.docker/config.json: permission denied", text)


@pytest.mark.parametrize("path", ["C:\\Users\\John Doe", "C:\\\\Users\\\\runner"])
def test_a_path_of_windows_keeps_its_backslashes(path: str) -> None:
    found = captured(
        r"open {path}\.docker\config.json: Access is denied", rf"open {path}\.docker\config.json: Access is denied."
    )
    assert {"path": path.replace("\\\\", "\\")} == found


def test_a_helper_ends_where_its_name_ends() -> None:
    text = 'exec: "docker-credential-ecr-login": executable file not found in $PATH'
    assert {"helper": "ecr-login"} == captured('exec: "docker-credential-{helper}": executable file not found', text)


@pytest.mark.parametrize("host", ["registry.example", "localhost:5000", "127.0.0.1:5000", "Registry.Example"])
def test_a_host_comes_with_its_port(host: str) -> None:
    text = f"login attempt to https://{host}/v2/ failed with status: 400"
    assert {"host": host} == captured("login attempt to https://{host}/v2/ failed", text)


def test_a_gap_spans_some_of_a_line_and_not_a_whole_log() -> None:
    template = "cannot fetch token: 400…invalid_grant"
    assert {} == captured(template, 'cannot fetch token: 400 Bad Request\n{"error": "invalid_grant"}')
    assert captured(template, "cannot fetch token: 400" + "x" * 500 + "invalid_grant") is None


def test_where_the_anchor_stands_alone_first_the_search_goes_on() -> None:
    text = "executable file not found\n" * 50 + 'exec: "docker-credential-pass": executable file not found'
    assert {"helper": "pass"} == captured('exec: "docker-credential-{helper}": executable file not found', text)


@pytest.mark.parametrize("template", ["", "…", "{host}", "denied", "a {path} b", " ' ' ' ' ' ' "])
def test_a_template_that_would_fit_nearly_everything_is_refused(template: str) -> None:
    if template == "denied":
        assert b"denied" == Pattern.parse(template, ANYBODY).anchor
        return
    with pytest.raises(SettingRefused):
        Pattern.parse(template, ANYBODY)


def test_captures_that_are_not_known_or_stand_twice_are_refused() -> None:
    for template in ("login to {colour} failed", "{host} redirects to {host}"):
        with pytest.raises(SettingRefused):
            Pattern.parse(template, ANYBODY)


def test_every_capture_has_a_form_that_is_bounded() -> None:
    assert all("*" not in capture.form and "+" not in capture.form for capture in Capture)
