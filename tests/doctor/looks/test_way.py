"""The way of a whole repository: what CI names for an event, and what becomes of what is asked for."""

from datetime import UTC, datetime

import pytest

from tests.doctor.repositories import HISTORY, SHA, checkout_of
from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.doings import events_of, tags_view
from wharf.doctor.looks.way import way
from wharf.doctor.way.holdings import HeldRepository, Holdings
from wharf.doctor.way.way import Fate
from wharf.formats.event import Event
from wharf.formats.files import WrittenFiles

WORKFLOW = ".github/workflows/ci.yml"
BUILD = """
on: {on}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ghcr.io/acme/app
          tags: |
            {tags}
      - uses: docker/build-push-action@v6
        with:
          push: {push}
          tags: ${{{{ steps.meta.outputs.tags }}}}
"""


def build(tags: str, push: str = "true", on: str = "push") -> dict[str, str]:
    return {WORKFLOW: BUILD.format(tags=tags, push=push, on=on)}


def checkout(files: dict[str, str], holdings: Holdings | None = None) -> Checkout:
    return Checkout(WrittenFiles(files), HISTORY, holdings)


def event(name: str = "push", ref: str = "refs/heads/main") -> Event:
    return Event(name, ref, SHA, "acme/app", "main", datetime(2026, 11, 21, tzinfo=UTC))


def compose(tag: str) -> dict[str, str]:
    return {"compose.yml": f"services:\n  app:\n    image: ghcr.io/acme/app:{tag}\n"}


def fates(found: Checkout) -> list[str]:
    return [answer.fate.name for answer in found.once(way).answers]


def test_what_is_pushed_is_named_in_the_order_of_the_action() -> None:
    files = build("type=sha\n            type=raw,value=latest\n            type=ref,event=branch")
    (job,) = tags_view(checkout(files), event())

    assert (WORKFLOW, "build", True) == (job.file, job.job, job.is_pushed)
    assert ["main", "latest", "sha-453a654"] == [name.flat.rpartition(":")[2] for name in job.references]


def test_what_nobody_pushes_is_named_all_the_same() -> None:
    (job,) = tags_view(checkout(build("type=sha", push="false")), event())

    assert (False, ["ghcr.io/acme/app:sha-453a654"]) == (job.is_pushed, [name.flat for name in job.references])


def test_an_event_that_starts_nothing_names_nothing() -> None:
    assert () == tags_view(checkout(build("type=sha", on="pull_request")), event())


def test_a_step_that_fails_names_nothing_and_says_why() -> None:
    (job,) = tags_view(checkout(build("type=raw,value=a,enable=perhaps")), event())

    assert ((), False) == (job.references, job.is_pushed)
    assert ["failure: Invalid value for enable attribute: perhaps"] == [str(e.reason) for e in job.undecided]


def test_where_no_rule_makes_a_tag_the_job_is_told_of_without_any() -> None:
    (job,) = tags_view(checkout(build("type=semver,pattern={{version}}")), event())

    assert ("build", (), ()) == (job.job, job.references, job.undecided)


def test_a_workflow_that_cannot_be_read_is_told_of_with_its_place() -> None:
    (job,) = tags_view(checkout({WORKFLOW: "on: push\njobs:\n\ta: b\n"}), event())

    assert (WORKFLOW, "", ()) == (job.file, job.job, job.references)
    assert [f"{WORKFLOW}:3:1"] == [str(hole.span) for hole in job.undecided]


def test_what_each_combination_of_a_matrix_names_alike_is_named_once() -> None:
    steps = BUILD.format(tags="type=raw,value=latest", push="true", on="push")
    files = {WORKFLOW: steps.replace("    steps:", "    strategy: {matrix: {on: [arm64, amd64]}}\n    steps:")}
    (job,) = tags_view(checkout(files), event())

    assert ["ghcr.io/acme/app:latest"] == [name.flat for name in job.references]


def test_what_cannot_be_decided_is_told_with_its_place() -> None:
    (job,) = tags_view(checkout(build("type=raw,value=${{ vars.TAG }}")), event())

    assert () == job.references
    assert [(WORKFLOW, "TAG")] == [(hole.span.file, hole.reason.subject) for hole in job.undecided if hole.span]


def test_combinations_of_a_matrix_are_one_job() -> None:
    files = {
        WORKFLOW: """
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        app: [api, web]
    steps:
      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: ghcr.io/acme/${{ matrix.app }}:${{ github.sha }}
"""
    }
    (job,) = tags_view(checkout(files), event())

    assert [f"ghcr.io/acme/api:{SHA}", f"ghcr.io/acme/web:{SHA}"] == [name.flat for name in job.references]


def test_only_what_somebody_says_has_happened() -> None:
    said = event("release", "refs/tags/v2")

    assert (said,) == events_of(Checkout(WrittenFiles(build("type=sha")), HISTORY, event=said))


@pytest.mark.parametrize(
    ("tag", "fate"),
    [
        ("1.2.3", Fate.PUSHED),
        ("1.2", Fate.PUSHED),
        ("v1.2.3", Fate.NEVER_PUSHED),
        ("sha-abcdef1", Fate.NEVER_PUSHED),
        ("${TAG}", Fate.PERHAPS),
    ],
)
def test_what_stands_in_a_file_is_compared_with_what_any_event_would_push(tag: str, fate: Fate) -> None:
    files = build("type=semver,pattern={{version}}\n            type=semver,pattern={{major}}.{{minor}}")

    assert [fate.name] == fates(checkout(files | compose(tag)))


def test_the_image_of_somebody_else_is_left_in_peace() -> None:
    files = build("type=sha") | {"compose.yml": "services:\n  db:\n    image: postgres:17\n"}

    assert ["FOREIGN"] == fates(checkout(files))


def test_what_only_the_registry_has_is_there() -> None:
    held = Holdings({"ghcr.io/acme/app": HeldRepository("ghcr.io/acme/app", tags=("legacy-1",))})

    assert ["HELD"] == fates(checkout(build("type=sha") | compose("legacy-1"), held))


def test_what_is_pushed_and_not_held_is_lost() -> None:
    held = Holdings({"ghcr.io/acme/app": HeldRepository("ghcr.io/acme/app", tags=("main",))})

    assert ["LOST"] == fates(
        checkout(build("type=ref,event=branch\n            type=raw,value=next") | compose("next"), held)
    )


def test_what_others_may_push_is_not_called_missing() -> None:
    files = build("type=sha") | {
        ".github/workflows/release.yml": "on: push\njobs:\n  x:\n    uses: acme/ci/.github/workflows/docker.yml@main\n"
    }

    assert ["PERHAPS"] == fates(checkout(files | compose("stable")))


def test_a_repository_without_anything_has_an_empty_way() -> None:
    assert () == checkout_of(WrittenFiles({})).once(way).answers


def test_what_a_script_pushes_that_people_call_is_not_called_missing() -> None:
    files = build("type=sha") | compose("stable") | {"release.sh": "#!/bin/sh\ndocker push ghcr.io/acme/app:stable\n"}

    assert ["PUSHED"] == fates(checkout(files))


def test_what_a_script_asks_for_that_people_call_is_looked_at() -> None:
    files = build("type=sha") | {"deploy.sh": "#!/bin/sh\ndocker pull ghcr.io/acme/app:latest\n"}

    assert ["NEVER_PUSHED"] == fates(checkout(files))


def test_what_people_must_pass_to_a_script_is_not_known() -> None:
    files = build("type=sha") | {"deploy.sh": '#!/bin/sh\ndocker pull "ghcr.io/acme/app:$TAG"\n'}

    assert ["PERHAPS"] == fates(checkout(files))


def test_a_makefile_that_pushes_may_push_anything() -> None:
    files = build("type=sha") | compose("stable") | {"Makefile": "push:\n\tdocker push ghcr.io/acme/app:$(TAG)\n"}

    assert ["PERHAPS"] == fates(checkout(files))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl set image deploy/app app=ghcr.io/acme/app:$GITHUB_SHA", []),
        ("kustomize edit set image ghcr.io/acme/app:$GITHUB_SHA", []),
        ('kubectl patch deploy app -p "$CHANGE"', []),
        ("kubectl get pods", [Fate.NEVER_PUSHED]),
    ],
)
def test_what_stands_in_a_manifest_counts_where_nothing_takes_its_place(command: str, expected: list[Fate]) -> None:
    manifest = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: ghcr.io/acme/app:latest}]}\n"
    )
    deploy = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {command}\n"
    files = {**build("type=sha,format=long,prefix="), ".github/workflows/d.yml": deploy, "k8s/pod.yaml": manifest}

    assert expected == [answer.fate for answer in checkout(files).once(way).standing]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("docker tag ghcr.io/acme/app:$GITHUB_SHA ghcr.io/acme/app:latest", [Fate.NEVER_PUSHED]),
        ("ssh host docker tag ghcr.io/acme/app:$GITHUB_SHA ghcr.io/acme/app:latest", []),
        ("ssh host docker service update --image ghcr.io/acme/app:$GITHUB_SHA web_app", []),
        ('ssh host "yq -i \'.services.app.image = \\"$IMAGE\\"\' compose.yml"', []),
    ],
)
def test_what_gets_its_name_on_the_server_is_there(command: str, expected: list[Fate]) -> None:
    deploy = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          {command}\n"
    compose = "services: {app: {image: 'ghcr.io/acme/app:latest'}}\n"
    files = {**build("type=sha,format=long,prefix="), ".github/workflows/d.yml": deploy, "compose.yml": compose}

    assert expected == [answer.fate for answer in checkout(files).once(way).standing]


def test_a_file_that_was_changed_nobody_knows_how_asks_for_nothing() -> None:
    change = "yq -i '.services.app.image = strenv(IMAGE)' compose.yml"
    deploy = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
    step = f"      - run: |\n          {change}\n          docker compose up -d\n"
    compose = "services: {app: {image: 'ghcr.io/acme/app:latest'}}\n"
    files = {**build("type=sha"), ".github/workflows/d.yml": deploy + step, "compose.yml": compose}

    assert [] == list(checkout(files).once(way).answers)
