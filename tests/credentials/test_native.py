"""Credential helpers: the protocol, and every way in which they go wrong."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.credentials.stage import Home
from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.native import Helper
from wharf.credentials.secret import Secret
from wharf.errors import HelperFailed, LoginImpossible

URL = "registry.example"
ADA = Password("ada", Secret("open-sesame"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, PATH=f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")


def helper(home: Home, name: str = "box", patience_seconds: float = 60.0) -> Helper:
    return Helper(name, home.environ, "linux", patience_seconds)


def failure_of(home: Home, script: str, patience_seconds: float = 60.0) -> HelperFailed:
    home.shell("box", script)
    with pytest.raises(HelperFailed) as caught:
        helper(home, patience_seconds=patience_seconds).get(URL)
    return caught.value


@pytest.mark.parametrize(
    "credential", [ADA, Password("", Secret("x")), Password("ü", Secret('"\\\n☃')), IdentityToken(Secret("refresh"))]
)
def test_what_is_stored_is_got_again(home: Home, credential: Credential) -> None:
    home.keeper("box")
    helper(home).store(URL, credential)
    assert credential == helper(home).get(URL)


def test_what_is_erased_is_gone_and_can_be_erased_again(home: Home) -> None:
    home.keeper("box", **{URL: "ada", "other.example": "bob"})
    helper(home).erase(URL)
    helper(home).erase(URL)
    assert {"other.example": "bob"} == helper(home).listed()


def test_the_url_comes_on_its_input_which_is_then_closed(home: Home) -> None:
    home.shell("box", 'printf \'{"Username": "%s", "Secret": "%s"}\' "$1" "$(cat)"')
    assert Password("get", Secret(URL)) == helper(home).get(URL)


@pytest.mark.parametrize(
    "words", ["credentials not found in native keychain", "Credentials not found in native keychain\r\n"]
)
def test_no_entry_is_no_failure(home: Home, words: str) -> None:
    home.shell("box", f"printf '{words}'; exit 1")
    assert helper(home).get(URL) is None


def test_an_answer_without_name_and_secret_is_no_entry(home: Home) -> None:
    home.shell("box", """echo '{"ServerURL": "", "Username": "", "Secret": ""}'""")
    assert helper(home).get(URL) is None


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("exit 0", "it ended well and said nothing"),
        ("echo garbage", "its answer is not a JSON object"),
        ("printf '\\377\\376'", "its answer is not a JSON object"),
        ("echo '[]'", "its answer is not a JSON object"),
        ("""echo '{"Username": "ada"}'""", "its answer has a user name and no secret"),
        ("""echo '{"Username": "ada", "Secret": 5}'""", "its answer has no user name and secret"),
        ("""echo '{"Username": "ada", "Secret": "\\ud800"}'""", "its answer has no user name and secret"),
        ("exit 3", "exit code 3"),
        ("kill -9 $$", "exit code -9"),
        ("head -c 3000000 /dev/zero; sleep 60", "it wrote without end, and was stopped"),
    ],
)
def test_a_helper_that_does_not_keep_to_the_protocol_is_told_of(home: Home, script: str, reason: str) -> None:
    assert reason == failure_of(home, script).reason


def test_the_last_words_of_a_helper_are_kept_for_the_diagnosis(home: Home) -> None:
    problem = failure_of(home, "echo 'A specified logon session does not exist.'; echo 'on stderr' >&2; exit 1")
    assert "A specified logon session does not exist.; on stderr" == problem.said
    assert problem.diagnostics().evidence[0].endswith(problem.said)


def test_a_failing_helper_that_prints_its_answer_does_not_give_it_away(home: Home) -> None:
    problem = failure_of(home, """echo '{"Username": "ada", "Secret": "open-sesame"}'; exit 1""")
    assert "(what looks like an entry with its secret, which is not repeated)" == problem.said


@pytest.mark.parametrize("echo", ["cat; exit 1", "base64 -w0; exit 1", "cat >&2; exit 1"])
def test_a_helper_that_repeats_the_secret_does_not_give_it_away(home: Home, echo: str) -> None:
    home.shell("box", echo)
    with pytest.raises(HelperFailed) as caught:
        helper(home).store(URL, Password("ada", Secret('open "sesame"')))
    assert "sesame" not in repr(caught.value.diagnostics())


def test_a_helper_that_is_not_there_is_named(home: Home) -> None:
    with pytest.raises(HelperFailed, match="there is no docker-credential-gone on PATH"):
        helper(home, "gone").get(URL)


def test_a_helper_that_may_not_be_run_is_named(home: Home) -> None:
    path = home.program("docker-credential-box", "", mode=0o644)
    with pytest.raises(HelperFailed, match=f"{path} is not executable"):
        helper(home).get(URL)


def test_a_helper_for_another_machine_could_not_be_started(home: Home) -> None:
    home.program("docker-credential-box", "\x7fELF of another machine")
    with pytest.raises(HelperFailed, match="could not be started: Exec format error"):
        helper(home).get(URL)


def test_a_helper_whose_interpreter_is_missing_could_not_be_started(home: Home) -> None:
    home.program("docker-credential-box", "#!/nowhere/sh\n")
    with pytest.raises(HelperFailed, match="could not be started: No such file or directory"):
        helper(home).get(URL)


@pytest.mark.parametrize("name", ["", "../box", "/bin/box", "a\\b", "C:box", "nul\0"])
def test_a_path_is_no_name_of_a_helper(home: Home, name: str) -> None:
    with pytest.raises(HelperFailed, match="without a path"):
        helper(home, name).get(URL)


def test_a_helper_in_the_current_folder_is_not_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.keeper("box")
    home.environ["PATH"] = f"{os.pathsep}.{os.pathsep}{os.path.relpath(home.bin)}"
    with pytest.raises(HelperFailed, match="there is no"):
        helper(home).get(URL)


def test_a_helper_that_hangs_is_ended_in_time_with_all_it_started(home: Home) -> None:
    os.mkfifo(home.path / "alive")
    everybody = os.open(home.path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    try:
        script = f"exec 9> {home.path}/alive; sleep 600 & sleep 600"
        problem = failure_of(home, script, patience_seconds=0.2)
        assert "it did not answer within 0.2 seconds" == problem.reason
        until(lambda: nobody_writes(everybody))
    finally:
        os.close(everybody)


def nobody_writes(pipe: int) -> bool:
    try:
        return b"" == os.read(pipe, 1)
    except BlockingIOError:
        return False


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_a_helper_leaves_running_is_not_waited_for(home: Home) -> None:
    home.shell("box", """sleep 60 & echo '{"Username": "ada", "Secret": "open-sesame"}'""")
    begun = time.monotonic()
    assert ADA == helper(home).get(URL)
    assert time.monotonic() - begun < 55


def test_a_helper_that_does_not_read_does_no_harm(home: Home) -> None:
    home.shell("box", "exec <&-; exit 0")
    helper(home).store(URL, Password("ada", Secret("x" * 1_000_000)))


def test_a_registry_token_is_not_for_helpers(home: Home) -> None:
    home.keeper("box")
    with pytest.raises(LoginImpossible):
        helper(home).store(URL, RegistryToken(Secret("x")))


def test_a_helper_sees_the_surroundings_that_were_handed_over(home: Home) -> None:
    home.environ["WHERE"] = "here"
    home.shell("box", """printf '{"Username": "%s", "Secret": "x"}' "$WHERE$TOX_NAME" """)
    assert Password("here", Secret("x")) == helper(home).get(URL)
