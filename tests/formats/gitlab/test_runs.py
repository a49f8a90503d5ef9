"""What jobs do: their commands with everything put in, and what they hand on to later ones."""

import pytest

from tests.formats.gitlab.written import PUSH, written
from wharf.formats.gitlab.reading import read_pipeline
from wharf.formats.gitlab.runs import MOST_RUNS, runs_of
from wharf.formats.hole import Unknown
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.ran import Certainty, Followed


def runs(main: str, **others: str) -> list[JobRun]:
    files = written(main, **others)
    return list(runs_of(read_pipeline(files, host="gitlab.com"), PUSH, files))


def commands(run: JobRun) -> list[str]:
    return [" ".join(word.shown for word in ran.words) for step in run.steps for ran in step.commands]


def test_commands_have_everything_put_in() -> None:
    (run,) = runs(
        """
        variables:
          IMAGE: $CI_REGISTRY_IMAGE/api
        build:
          before_script:
            - docker login -u ci -p "$TOKEN"
          script:
            - docker build -t "$IMAGE:$CI_COMMIT_SHORT_SHA" .
        """
    )

    image = "registry.gitlab.com/acme/app/api:453a6545"
    assert ["docker login -u ci -p ‹TOKEN›", f"docker build -t {image} ."] == commands(run)


def test_what_git_prints_of_the_commit_is_known() -> None:
    (run,) = runs("push:\n  script: docker push app:$(git rev-parse --short HEAD)\n")
    assert f"docker push app:{PUSH.sha[:7]}" == commands(run)[-1]


def test_a_command_stands_where_it_was_written() -> None:
    (run,) = runs("include: a.yml\n", a="build:\n  script:\n    - echo one\n    - echo two\n")

    assert ["a.yml:3:7", "a.yml:4:7"] == [str(ran.span) for ran in run.steps[0].commands]


def test_the_lines_of_a_job_run_in_one_shell_and_those_after_it_in_another() -> None:
    (run,) = runs("build:\n  script: [TAG=one, echo $TAG]\n  after_script: ['echo ${TAG:-none}']\n")

    assert ["echo one"] == commands(run)[:1]
    assert 2 == len(run.steps)


def test_jobs_come_in_the_order_of_their_stages() -> None:
    main = """
    stages: [one, two]
    b: {stage: two, script: [x]}
    a: {stage: one, script: [x]}
    c: {stage: .pre, script: [x]}
    """

    assert ["c", "a", "b"] == [run.job for run in runs(main)]


HANDED_ON = """
build:
  stage: build
  script:
    - echo "TAG=v-$CI_COMMIT_SHORT_SHA" > build.env
    - echo "OTHER='x y'" >> build.env
  artifacts: {reports: {dotenv: build.env}}
deploy:
  stage: deploy
  variables: {TAG: none}
  script: ['docker pull app:$TAG']
"""


def test_variables_are_handed_on_to_later_jobs() -> None:
    build, deploy = runs(HANDED_ON)

    assert {"TAG": "v-453a6545", "OTHER": "x y"} == {name: text.flat for name, text in build.outputs.items()}
    assert ["docker pull app:v-453a6545"] == commands(deploy)


def test_they_are_not_where_their_artifacts_are_not_taken() -> None:
    for refused in ("needs: []", "dependencies: []", "needs: [{job: build, artifacts: false}]"):
        _, deploy = sorted(runs(HANDED_ON + f"  {refused}\n"), key=lambda run: run.job)

        assert ["docker pull app:none"] == commands(deploy)


def test_a_matrix_has_a_run_for_each_combination() -> None:
    found = runs("build:\n  script: [echo $A-$B]\n  parallel: {matrix: [{A: [1, 2], B: [x, y]}]}\n")

    assert ["echo 1-x", "echo 1-y", "echo 2-x", "echo 2-y"] == [commands(run)[0] for run in found]


def test_a_pipeline_that_is_started_from_a_file_runs_with_what_is_handed_down() -> None:
    main = """
    variables: {VERSION: $CI_COMMIT_SHORT_SHA}
    shop:
      trigger: {include: [{local: /shop/ci.yml}]}
      when: manual
    """
    child = """
    build:
      script: ['echo $VERSION']
      rules: [{if: $CI_PIPELINE_SOURCE == "parent_pipeline"}]
    """

    started, build = runs(main, shop__ci=child)

    assert () == started.steps
    assert (["echo 453a6545"], Certainty.PERHAPS) == (commands(build), build.certainty)
    assert [".gitlab-ci.yml:4:31"] == [str(span) for span in build.via]


def test_a_pipeline_that_starts_itself_has_an_end() -> None:
    found = runs("build:\n  trigger: {include: .gitlab-ci.yml}\n  rules: [{when: always}]\n")

    assert 3 == len(found)


def test_a_child_that_is_not_there_is_undecided() -> None:
    found = runs("build:\n  trigger: {include: no.yml}\n")

    assert [Unknown.FILE] == [hole.reason.kind for run in found for hole in run.undecided]


def test_very_many_jobs_are_cut_off_and_that_is_said() -> None:
    values = ", ".join(map(str, range(200)))
    main = "".join(f"b{at}: {{script: [x], parallel: {{matrix: [{{A: [{values}]}}]}}}}\n" for at in range(3))

    found = runs(main)

    assert MOST_RUNS == len(found)
    assert [Unknown.TOO_MUCH] == [hole.reason.kind for hole in found[-1].undecided]


def test_image_services_and_tags_of_a_job_are_told() -> None:
    (run,) = runs(
        "build: {image: 'docker:$V', services: ['docker:$V-dind'], tags: [a], variables: {V: 27}, script: [x]}\n"
    )

    assert run.image is not None
    assert ("docker:27", ["docker:27-dind"], ["a"]) == (
        run.image.flat,
        [service.flat for service in run.services],
        [tag.flat for tag in run.machine],
    )


@pytest.mark.parametrize(
    "script", ["docker push $env:CI_REGISTRY_IMAGE:1", "$tag = 1", "docker push %CI_REGISTRY_IMAGE%", "${env:TAG} + 1"]
)
def test_what_is_written_for_windows_is_not_followed(script: str) -> None:
    (run,) = runs(f"a: {{script: ['docker build .', '{script}']}}")
    (step,) = run.steps
    assert [] == commands(run)
    assert isinstance(step.deed, Followed)
    assert [Unknown.SYNTAX] == [hole.reason.kind for hole in step.deed.undecided]


def test_what_looks_like_it_within_a_document_is_followed() -> None:
    (run,) = runs("a:\n  script:\n    - |\n      cat > a.php <<'E'\n      $x = 1;\n      E\n    - docker build .\n")
    assert "docker build ." in commands(run)
