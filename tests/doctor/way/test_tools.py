import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.way.texts import HERE, command
from wharf.doctor.way.deed import BakeCall, ChartCall, ComposeCall, Deed, ManifestCall
from wharf.doctor.way.tools.kamal import KamalCall
from wharf.doctor.way.tools.known import acts_of
from wharf.formats.shell.ran import Ran
from wharf.formats.text import Text

COMMANDS = [
    ("docker pull ghcr.io/acme/app:1", "asks ghcr.io/acme/app:1"),
    ("docker pull --platform linux/arm64 app", "asks app [linux/arm64]"),
    ("docker --context prod pull app", "asks app"),
    ("docker image pull app", "asks app"),
    ("docker push app:1", "pushes app:1"),
    ("docker push -a acme/app", "pushes acme/app"),
    ("docker tag a b", "makes b"),
    ("docker build -t a:1 -t a:2 .", "makes a:1, makes a:2"),
    ("docker build --push -t a:1 .", "pushes a:1"),
    (
        "docker buildx build --platform linux/amd64,linux/arm64 --push --tag=a:1 .",
        "pushes a:1 [linux/amd64 linux/arm64]",
    ),
    ("docker buildx build --output type=image,name=a:1,push=true .", "pushes a:1"),
    ("docker buildx build -o 'type=image,\"name=a:1,b:1\",push=true' .", "pushes a:1, pushes b:1"),
    ("docker buildx imagetools create -t a:latest a:1", "pushes a:latest"),
    ("docker buildx imagetools inspect a:1", "probes a:1"),
    ("docker manifest inspect a:1", "probes a:1"),
    ("docker manifest create a:1 a:1-amd64 a:1-arm64", "makes a:1"),
    ("docker manifest push a:1", "pushes a:1"),
    ("docker run -d --name x -p 80:80 --env-file .env -v /a:/b app:1 serve --port 1", "asks app:1"),
    ("docker run -it --rm app:1 sh", "asks app:1"),
    ("docker run --rm -e A=b -e=C app:1", "asks app:1"),
    ("docker run --pull never app:1", "probes app:1"),
    ("docker create --name x app:1", "asks app:1"),
    ("docker service update --image app:2 --detach web", "asks app:2"),
    ("docker service create --name web app:2", "asks app:2"),
    ("docker ps -a", ""),
    ("docker login -u me ghcr.io", ""),
    ("docker", ""),
    ("sudo -E docker pull app", "asks app"),
    ("timeout 60 docker pull app", "asks app"),
    ("env A=b docker pull app", "asks app"),
    ("/usr/bin/docker pull app", "asks app"),
    ("podman push app:1 quay.io/acme/app:1", "pushes quay.io/acme/app:1"),
    ("podman run app:1", "asks app:1"),
    ("buildah bud -t app:1 .", "makes app:1"),
    ("buildah push app:1 docker://quay.io/acme/app:1", "pushes quay.io/acme/app:1"),
    ("buildah push app:1 dir://out", ""),
    ("buildah manifest push --all app docker://quay.io/acme/app:1", "pushes quay.io/acme/app:1"),
    ("skopeo copy docker://a/b:1 docker://c/d:1", "asks docker://a/b:1, pushes docker://c/d:1"),
    ("skopeo copy oci-archive:x.tar docker://c/d:1", "pushes docker://c/d:1"),
    ("skopeo inspect docker://a/b:1", "probes docker://a/b:1"),
    ("crane copy a:1 b:1", "asks a:1, pushes b:1"),
    ("crane tag ghcr.io/acme/app:1 latest", "asks ghcr.io/acme/app:1, pushes ghcr.io/acme/app:latest"),
    ("crane digest a:1", "probes a:1"),
    ("regctl image copy a:1 b:1", "asks a:1, pushes b:1"),
    (
        "/kaniko/executor --context . --dockerfile Dockerfile --destination a:1 --destination=a:2",
        "pushes a:1, pushes a:2",
    ),
    ("/kaniko/executor --no-push --destination a:1", ""),
    ("buildctl build --frontend dockerfile.v0 --output type=image,name=a:1,push=true", "pushes a:1"),
    ("buildctl build --output type=image,name=a:1", ""),
    ("kubectl -n prod set image deployment/app app=a:1 side=b:2", "asks a:1, asks b:2"),
    ("kubectl set image deployment app app=a:1", "asks a:1"),
    ("kubectl run x --image=a:1 --rm -i", "asks a:1"),
    ("kubectl create deployment x --image a:1", "asks a:1"),
    ("kustomize edit set image app=ghcr.io/acme/app:1", "asks ghcr.io/acme/app:1"),
    ("kustomize edit set image ghcr.io/acme/app:1", "asks ghcr.io/acme/app:1"),
    ("ls -l", ""),
]


def said(line: str) -> str:
    return ", ".join(
        f"{act.doing.value} {act.reference.shown}"
        + (f" [{' '.join(p.flat for p in act.platforms)}]" if act.platforms else "")
        for act in acts_of(command(line))
        if isinstance(act, Deed)
    )


@pytest.mark.parametrize(("line", "told"), COMMANDS)
def test_a_command_line_tells_what_it_does_with_images(line: str, told: str) -> None:
    assert told == said(line)


def test_what_is_not_known_of_a_command_stays_open() -> None:
    assert "asks ghcr.io/acme/app:‹TAG›" == said("docker pull ghcr.io/acme/app:<TAG>")


def test_compose_is_told_its_files_profiles_and_services() -> None:
    line = "docker compose -f a.yml -f b.yml --env-file prod.env --profile web -p x up -d --build app"
    (call,) = acts_of(command(line))

    assert isinstance(call, ComposeCall)
    assert ("up", ["a.yml", "b.yml"], ["prod.env"]) == (
        call.command,
        [file.flat for file in call.files],
        [file.flat for file in call.environment_files],
    )
    assert (["app"], ["web"], True) == (
        [service.flat for service in call.services],
        [profile.flat for profile in call.profiles],
        call.builds,
    )


def test_the_older_compose_is_the_same() -> None:
    assert list(acts_of(command("docker compose pull"))) == list(acts_of(command("docker-compose pull")))


def test_a_stack_is_a_compose_file() -> None:
    (call,) = acts_of(command("docker stack deploy -c stack.yml --with-registry-auth app"))

    assert isinstance(call, ComposeCall)
    assert ["stack.yml"] == [file.flat for file in call.files]


def test_bake_is_told_its_targets_and_what_is_replaced() -> None:
    (call,) = acts_of(command("docker buildx bake -f bake.hcl --push --set *.tags=a:1 web"))

    assert isinstance(call, BakeCall)
    assert (["web"], ["*.tags=a:1"], True) == (
        [target.flat for target in call.targets],
        [override.flat for override in call.overrides],
        call.pushes,
    )


def test_manifests_and_kustomizations_are_applied() -> None:
    calls = [*acts_of(command("kubectl apply -f k8s/,x.yml")), *acts_of(command("kubectl apply -k overlays/prod"))]

    assert [["k8s/", "x.yml"], ["overlays/prod"]] == [
        [file.flat for file in call.files] for call in calls if isinstance(call, ManifestCall)
    ]


def test_a_chart_is_told_what_is_replaced() -> None:
    (call,) = acts_of(command("helm upgrade --install app ./chart -f prod.yaml --set image.tag=1,replicas=2 -n prod"))

    assert isinstance(call, ChartCall)
    assert ("./chart", [("image.tag", "1"), ("replicas", "2")]) == (
        call.chart.flat,
        [(name.flat, value.flat) for name, value in call.replaced],
    )


@pytest.mark.parametrize(
    ("line", "pushes", "asks"),
    [("kamal deploy", True, True), ("kamal deploy -P", False, True), ("bundle exec kamal build push", True, False)],
)
def test_kamal_pushes_and_asks(line: str, pushes: bool, asks: bool) -> None:
    (call,) = acts_of(command(line))

    assert isinstance(call, KamalCall)
    assert (pushes, asks) == (call.pushes, call.asks)


PROGRAMS = [
    "docker",
    "podman",
    "buildah",
    "skopeo",
    "crane",
    "kubectl",
    "helm",
    "kustomize",
    "kamal",
    "executor",
    "sudo",
    "buildctl",
]


@given(st.sampled_from(PROGRAMS), st.lists(st.text(max_size=12), max_size=6))
@settings(max_examples=100)
def test_no_command_line_is_too_strange(program: str, words: list[str]) -> None:
    list(acts_of(Ran((Text.known(program), *map(Text.known, words)), HERE)))
