"""Jobs that are gone through: what is pushed, what is asked for, and what was made or written before."""

from tests.doctor.way.texts import event
from wharf.doctor.way.doing import Done, done_by
from wharf.formats.files import WrittenFiles
from wharf.formats.pipeline import ActionRun, JobRun, StepRun
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Given
from wharf.formats.shell.start import Start
from wharf.formats.span import Span
from wharf.formats.text import Text

HERE = Span.at(".github/workflows/ci.yml", 10, 9)
COMPOSE = (
    "services:\n  app:\n    image: ghcr.io/acme/app:${TAG:-latest}\n  db:\n    image: postgres:17\n    profiles: [db]\n"
)


def script(written: str, files: WrittenFiles) -> StepRun:
    start = Start(others=Given.UNSET, files=files, ends_on_failure=True)
    return StepRun(HERE, follow(Text.of_file("ci.yml", written), start))


def action(uses: str, **inputs: str) -> StepRun:
    given = {name.replace("_", "-"): Text.known(value, HERE) for name, value in inputs.items()}
    return StepRun(HERE, ActionRun(uses, given))


def done(*steps: StepRun | str, files: dict[str, str] | None = None) -> Done:
    there = WrittenFiles(files or {})
    taken = tuple(script(step, there) if isinstance(step, str) else step for step in steps)
    return done_by(JobRun("ci.yml", "build", HERE, taken), event(), there)


def pushed(*steps: StepRun | str, files: dict[str, str] | None = None) -> list[str]:
    return [each.reference.shown for each in done(*steps, files=files).pushed]


def asked(*steps: StepRun | str, files: dict[str, str] | None = None) -> list[str]:
    return [each.reference.shown for each in done(*steps, files=files).asked]


def test_a_build_pushes_its_tags_in_their_order() -> None:
    step = action("docker/build-push-action@v6", push="true", tags="ghcr.io/acme/app:1\nghcr.io/acme/app:2,b:3")

    assert ["ghcr.io/acme/app:1", "ghcr.io/acme/app:2", "b:3"] == pushed(step)


def test_a_build_that_does_not_push_leaves_its_image_on_the_machine() -> None:
    step = action("docker/build-push-action@v6", load="true", tags="app:test")

    assert ([], []) == (pushed(step), asked(step, "docker run app:test"))


def test_a_build_by_digest_pushes_no_tag() -> None:
    step = action(
        "docker/build-push-action@v6", outputs="type=image,name=ghcr.io/acme/app,push-by-digest=true,push=true"
    )

    assert ["ghcr.io/acme/app"] == pushed(step)


def test_what_is_built_here_is_not_asked_of_a_registry() -> None:
    assert ["redis"] == asked("docker build -t app:1 .\ndocker run app:1\ndocker run redis\n")


def test_all_tags_of_an_image_are_pushed_at_once() -> None:
    assert ["docker.io/acme/app:1", "docker.io/acme/app:2"] == pushed(
        "docker build -t acme/app:1 .\ndocker tag acme/app:1 acme/app:2\ndocker push -a acme/app\n"
    )


def test_a_compose_file_is_asked_with_the_environment_that_reaches_it() -> None:
    assert ["ghcr.io/acme/app:7"] == asked("export TAG=7\ndocker compose up -d\n", files={"compose.yml": COMPOSE})


def test_a_profile_that_is_on_brings_its_services() -> None:
    line = "docker compose -f compose.yml --profile db up -d"

    assert ["ghcr.io/acme/app:latest", "postgres:17"] == asked(line, files={"compose.yml": COMPOSE})


def test_a_compose_file_that_a_script_writes_is_read() -> None:
    written = "cat > c.yml <<EOF\nservices:\n  app:\n    image: app:$TAG\nEOF\ndocker compose -f c.yml up -d\n"

    assert ["app:5"] == asked(f"TAG=5\n{written}")


def test_an_environment_file_that_a_script_adds_to_is_read() -> None:
    line = "echo TAG=9 >> .env\ndocker compose up -d\n"

    assert ["ghcr.io/acme/app:9"] == asked(line, files={"compose.yml": COMPOSE, ".env": "OTHER=1\n"})


def test_a_manifest_is_asked_for_as_it_was_rewritten() -> None:
    manifest = "kind: Pod\nspec:\n  containers:\n    - image: app:TAG\n"
    line = "sed -i s/app:TAG/app:3/ k8s/pod.yaml\nkubectl apply -f k8s/\n"

    assert ["app:3"] == asked(line, files={"k8s/pod.yaml": manifest})


def test_a_chart_has_its_repository_from_its_values() -> None:
    values = "image:\n  registry: ghcr.io\n  repository: acme/app\n  tag: x\n"

    assert ["ghcr.io/acme/app:4"] == asked(
        "helm upgrade app ./chart --set image.tag=4", files={"chart/values.yaml": values}
    )


def test_kamal_asks_for_the_whole_commit_and_pushes_latest_too() -> None:
    found = done("kamal deploy", files={"config/deploy.yml": "image: acme/app\nregistry:\n  server: ghcr.io\n"})

    assert [f"ghcr.io/acme/app:{event().sha}", "ghcr.io/acme/app:latest"] == [
        each.reference.flat for each in found.pushed
    ]
    assert [f"ghcr.io/acme/app:{event().sha}"] == [each.reference.flat for each in found.asked]


def test_a_script_on_another_machine_has_only_the_variables_that_are_named() -> None:
    step = action(
        "appleboy/ssh-action@v1", host="h", envs="GITHUB_SHA", script="docker pull app:${GITHUB_SHA}-${X:-no}"
    )

    assert [f"app:{event().sha}-no"] == asked(step)


def test_what_is_only_tried_is_no_demand() -> None:
    found = done("docker pull app:cache || true\ndocker manifest inspect app:1 || echo none\n")

    assert ([], ["app:cache", "app:1"]) == (
        [each.reference.flat for each in found.asked],
        [each.reference.flat for each in found.probed],
    )


def test_an_action_of_others_that_may_push_is_told_of() -> None:
    assert ["acme/docker-build-push@v1"] == [
        hole.reason.subject for hole in done(action("acme/docker-build-push@v1")).undecided
    ]


def test_bake_files_are_read_with_the_environment_of_the_step() -> None:
    bake = 'variable "TAG" { default = "latest" }\ntarget "default" { tags = ["acme/app:${TAG}"] }\n'
    step = StepRun(
        HERE, ActionRun("docker/bake-action@v6", {"push": Text.known("true")}, environment={"TAG": Text.known("8")})
    )

    assert ["acme/app:8"] == pushed(step, files={"docker-bake.hcl": bake})


def test_of_several_manifests_each_is_asked_for_as_it_was_rewritten() -> None:
    manifests = {
        f"k8s/{name}.yaml": f"kind: Pod\nspec:\n  containers:\n    - image: {name}:TAG\n" for name in ("a", "b")
    }
    line = "sed -i s/:TAG/:3/ k8s/*.yaml\nkubectl apply -f k8s/\n"

    assert ["a:3", "b:3"] == asked(line, files=manifests)


def test_a_cluster_asks_for_what_was_made_on_another_machine() -> None:
    assert ["app:1"] == asked("docker build -t app:1 .\nkubectl set image deployment/app app=app:1\n")
