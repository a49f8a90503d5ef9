"""Following scripts: which way they take, what becomes of failures, what is known, and where it was written."""

import pytest

from tests.formats.shell.following import SHA, calls, followed, secret, sure, unsure
from wharf.formats.hole import Reason, Unknown
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Certainty, Failing, Given
from wharf.formats.shell.start import Start
from wharf.formats.span import Span
from wharf.formats.text import Text


def test_each_piece_of_a_word_stands_where_it_was_written() -> None:
    found = followed("NAME=app\n\ndocker push $NAME:1.2")

    assert [Span("run.sh", 1, 6, 1, 9), Span("run.sh", 3, 18, 3, 22)] == [
        piece.span for piece in found.ran[0].words[2].pieces
    ]


def test_a_command_stands_from_its_first_word_to_its_last() -> None:
    assert Span("run.sh", 2, 3, 2, 16) == followed("true\n  docker push a").ran[0].span


def test_both_ways_of_an_unknown_condition_are_taken_perhaps() -> None:
    assert ["a", "b"] == unsure(followed("if make; then docker a; else docker b; fi"))


def test_what_follows_an_unknown_condition_is_certain() -> None:
    assert ["c"] == sure(followed("if make; then echo x; fi; docker c"))


def test_a_variable_that_depends_on_a_condition_has_both_values() -> None:
    found = followed("if make; then T=a; else T=b; fi; docker $T")
    assert ["a", "b"] == unsure(found)


def test_what_is_done_in_both_ways_is_certain() -> None:
    assert ["same"] == sure(followed("if make; then T=a; else T=b; fi; docker same; echo $T"))


def test_a_way_that_ends_with_a_failure_makes_nothing_else_uncertain() -> None:
    assert ["push"] == sure(followed('if [ -z "$X" ]; then exit 1; fi; docker push', others=Given.UNKNOWN))


def test_a_way_that_ends_well_makes_the_rest_uncertain() -> None:
    assert ["push"] == unsure(followed('if [ -z "$X" ]; then exit 0; fi; docker push', others=Given.UNKNOWN))


def test_the_same_question_has_the_same_answer() -> None:
    script = '[ "$E" = prod ] && T=a || T=b\nif [ "$E" = prod ]; then docker $T; fi'
    assert ["a"] == calls(followed(script, others=Given.UNKNOWN))


def test_more_ways_than_can_be_kept_become_a_hole() -> None:
    script = "\n".join(f"if c{at}; then V{at}=1; else V{at}=2; fi" for at in range(9)) + "\ndocker $V0"
    reasons = [hole.reason.kind for ran in followed(script).ran for word in ran.words for hole in word.holes]
    assert [Unknown.EITHER] == reasons


def test_a_loop_whose_end_is_unknown_is_run_once_perhaps() -> None:
    assert ["wait"] == unsure(followed("until curl x; do docker wait; done"))


def test_a_retry_is_one_command() -> None:
    assert ["pull a"] == sure(followed("for i in 1 2 3; do docker pull a && break; sleep 5; done"))


def test_a_variable_of_the_environment_that_is_not_known_is_a_hole() -> None:
    word = followed("docker $TAG", others=Given.UNKNOWN).ran[0].words[1]
    assert [Reason(Unknown.ENVIRONMENT, "TAG")] == [hole.reason for hole in word.holes]


def test_an_argument_that_nobody_gave_is_asked_of_who_calls() -> None:
    word = followed("docker $1", others=Given.UNKNOWN).ran[0].words[1]
    assert [Unknown.INPUT] == [hole.reason.kind for hole in word.holes]


def test_a_secret_stays_a_hole_through_variables_and_cuts_of_what_is_known() -> None:
    start = Start({"IMAGE": Text.known("ghcr.io/") + secret("OWNER")}, others=Given.UNSET)
    found = follow(Text.of_file("run.sh", 'X=$IMAGE; docker "${X#ghcr.io/}/app"'), start)
    assert ["‹OWNER›/app"] == calls(found)


def test_what_an_unknown_command_prints_is_named_by_the_command() -> None:
    word = followed("docker $(make version)").ran[1].words[1]
    assert [Reason(Unknown.COMMAND, "make version")] == [hole.reason for hole in word.holes]


def test_what_a_command_prints_is_asked_of_who_knows() -> None:
    start = Start(printed=lambda words: Text.known("1.2\n") if words[0].flat == "make" else None)
    assert ["push 1.2"] == calls(follow(Text.of_file("run.sh", "docker push $(make version)"), start))


def test_alternatives_in_what_is_printed_reach_a_variable() -> None:
    assert ["a", "b"] == unsure(followed("T=$(if grep -q x y; then echo a; else echo b; fi); docker $T"))


def test_a_default_is_noted_with_what_was_known() -> None:
    found = followed("docker ${TAG:-latest} ${SHA:-none} ${EMPTY-x}", SHA=SHA, EMPTY="")
    assert [("TAG", Given.UNSET), ("SHA", Given.SET), ("EMPTY", Given.EMPTY)] == [
        (default.name, default.given) for default in found.defaulted
    ]


def test_a_script_of_the_repository_is_followed_with_what_is_exported() -> None:
    files = {"ops/deploy.sh": "#!/bin/sh\ndocker pull app:${TAG:-latest} x$LOCAL\n"}
    assert ["pull app:v1 x"] == calls(followed("export TAG=v1; LOCAL=1; ./ops/deploy.sh", files))


def test_it_is_told_by_which_call_a_script_was_reached() -> None:
    files = {"deploy.sh": "#!/bin/sh\ndocker pull app\n"}
    found = followed("true\n./deploy.sh", files)
    assert [(Span("run.sh", 2, 1, 2, 12),)] == [ran.via for ran in found.ran if ran.program == "docker"]


def test_a_script_that_is_not_there_is_undecided() -> None:
    assert [Reason(Unknown.FILE, "./deploy.sh")] == [hole.reason for hole in followed("./deploy.sh").undecided]


def test_a_program_of_another_language_is_not_followed() -> None:
    assert [] == calls(followed("./run", {"run": "#!/usr/bin/env python3\ndocker x\n"}))


def test_sudo_drops_the_environment_and_says_so() -> None:
    found = followed("sudo sh -c 'docker pull app:${TAG:-latest}'", TAG="v1")
    assert (["pull app:latest"], [("TAG", "sudo")]) == (
        calls(found),
        [(lost.name, lost.program) for lost in found.lost],
    )


def test_sudo_keeps_what_it_is_told_to_keep() -> None:
    assert ["v1"] == calls(followed("sudo --preserve-env=TAG sh -c 'docker $TAG'", TAG="v1"))
    assert ["v1"] == calls(followed("sudo -E -u root sh -c 'docker $TAG'", TAG="v1"))
    assert ["v2"] == calls(followed("sudo TAG=v2 sh -c 'docker $TAG'", TAG="v1"))


def test_ssh_passes_nothing_on() -> None:
    found = followed("ssh -p 22 deploy@host 'docker pull app:$TAG'", TAG="v1")
    assert ["pull app:"] == calls(found)
    assert [("TAG", "deploy@host")] == [(lost.name, lost.host.flat) for lost in found.lost if lost.host]


def test_what_is_expanded_before_ssh_arrives() -> None:
    found = followed('ssh host "docker pull app:$TAG; docker run x\\$TAG"', TAG="v1")
    assert (["pull app:v1", "run x"], ["host", "host"]) == (
        calls(found),
        [ran.host.flat for ran in found.ran if ran.host],
    )


def test_a_quoted_heredoc_is_expanded_on_the_other_side_only() -> None:
    found = followed("ssh host <<'EOF'\nT=there\ndocker $T $HERE\nEOF\n", HERE="here")
    assert ["there"] == calls(found)


def test_an_unquoted_heredoc_is_expanded_in_two_stages() -> None:
    found = followed("ssh host bash -s <<EOF\nT=there\ndocker $T \\$T\nEOF\n", T="here")
    assert ["here there"] == calls(found)


def test_a_script_is_sent_over_ssh() -> None:
    files = {"deploy.sh": 'docker pull "$1"\n'}
    assert ["pull v1"] == calls(followed("ssh host 'bash -s' -- v1 < deploy.sh", files))


def test_a_variable_of_the_other_machine_is_not_known() -> None:
    word = followed("ssh host 'docker $ITS_OWN'").ran[1].words[1]
    assert [Reason(Unknown.ENVIRONMENT, "ITS_OWN")] == [hole.reason for hole in word.holes]


def test_a_generated_file_is_written_with_what_is_known_now() -> None:
    script = "cat > compose.yml <<EOF\nimage: app:${TAG}\npassword: \\${PASSWORD:-x}\nEOF\n"
    found = followed(script, TAG="v1")
    assert [("compose.yml", "image: app:v1\npassword: ${PASSWORD:-x}\n")] == [
        (written.path.flat, written.content.flat) for written in found.written
    ]


def test_paths_of_written_files_are_told_from_the_root() -> None:
    found = followed('cd deploy && echo x > ../out/a; echo y > "$(pwd)/b"')
    assert ["out/a", "deploy/b"] == [written.path.flat for written in found.written]


def test_what_is_appended_to_a_file_of_the_ci_is_written() -> None:
    found = followed('{ echo a=1; echo "b=$TAG"; } >> "$GITHUB_OUTPUT"', TAG="v1", GITHUB_OUTPUT="/out")
    assert [("/out", "a=1\nb=v1\n", True)] == [
        (written.path.flat, written.content.flat, written.appended) for written in found.written
    ]


def test_what_stands_before_a_pipe_is_read_behind_it() -> None:
    found = followed("echo $TOKEN | docker login --password-stdin", TOKEN="t")
    assert ["t\n"] == [ran.stdin.flat for ran in found.ran if ran.program == "docker" and ran.stdin]


def test_what_becomes_of_failures() -> None:
    script = "set -e\ndocker a\ndocker b || true\ndocker c || exit 1\ndocker d || docker e\nif docker f; then :; fi\n"
    ways = {ran.words[1].flat: ran.failing for ran in followed(script).ran if ran.program == "docker"}
    expected = {
        "a": Failing.ENDS,
        "b": Failing.PASSED_OVER,
        "c": Failing.ENDS,
        "d": Failing.DECIDES,
        "e": Failing.ENDS,
        "f": Failing.DECIDES,
    }
    assert expected == ways


def test_without_the_option_only_the_last_command_ends_a_script() -> None:
    found = followed("docker a\ndocker b\n")
    assert [Failing.PASSED_OVER, Failing.ENDS] == [ran.failing for ran in found.ran]


def test_silence_is_noted() -> None:
    found = followed("docker a >/dev/null 2>&1; docker b &>/dev/null; docker c 2>/dev/null; docker d >/dev/null")
    assert [True, True, True, False] == [ran.silent for ran in found.ran]


def test_a_program_gets_what_is_exported_and_what_is_set_for_it() -> None:
    found = followed("A=1; export B=2; C=3 docker x", D="4")
    assert {"B": "2", "C": "3", "D": "4"} == {name: value.flat for name, value in found.ran[0].environment.items()}


def test_a_file_that_cannot_be_sourced_may_set_anything() -> None:
    word = followed(". ./.env; docker $TAG").ran[0].words[1]
    assert [Reason(Unknown.ENVIRONMENT, "TAG")] == [hole.reason for hole in word.holes]


def test_a_start_that_is_uncertain_makes_everything_so() -> None:
    start = Start(certainty=Certainty.PERHAPS)
    assert [Certainty.PERHAPS] == [ran.certainty for ran in follow(Text.of_file("run.sh", "docker a"), start).ran]


def test_traps_are_not_run() -> None:
    assert ["a"] == calls(followed("trap 'docker trapped' EXIT; docker a"))


def test_eval_of_what_is_not_known_is_undecided() -> None:
    found = followed('eval "$(make env)"; docker $TAG')
    assert [Reason(Unknown.COMMAND, "make env")] == [hole.reason for hole in found.undecided]


def test_words_for_xargs_that_are_not_known_stay_a_hole() -> None:
    assert ["rmi ‹docker images -q›"] == calls(followed("docker images -q | xargs docker rmi"))[1:]


@pytest.mark.parametrize(
    ("script", "is_read"),
    [
        ("docker ps web || exit 1", False),
        ("if docker ps web > /dev/null; then echo; fi", False),
        ('[ -n "$(docker ps web)" ] || exit 1', True),
        ("set -o pipefail; docker ps | grep web || exit 1", True),
        ("found=$(docker ps web) || exit 1", True),
    ],
)
def test_whether_a_script_takes_what_a_command_prints(script: str, is_read: bool) -> None:
    assert is_read is next(ran for ran in followed(script).ran if ran.program == "docker").is_read
