import pytest

from wharf.doctor.aiming import aim_of, captured_of
from wharf.doctor.pattern import Capture

BACKEND = "ghcr.io/acme/hamalog-backend"


@pytest.mark.parametrize(
    ("named", "log", "reference"),
    [
        (f"{BACKEND}:1.0", "", f"{BACKEND}:1.0"),
        (BACKEND, f"reading manifest 1.0 in {BACKEND}: manifest unknown", f"{BACKEND}:1.0"),
        (BACKEND, f"docker pull {BACKEND}:453a654\nmanifest unknown", f"{BACKEND}:453a654"),
        (BACKEND, f"{BACKEND}:1.0: not found", f"{BACKEND}:1.0"),
        (BACKEND, f"pulling {BACKEND}:1.0.", f"{BACKEND}:1.0"),
        (BACKEND, f"pulling {BACKEND}-web:2.0", BACKEND),
        ("node", "FROM node:20-alpine", "docker.io/library/node:20-alpine"),
        ("127.0.0.1:5000/app", "pulling 127.0.0.1:5000/app:1.0", "127.0.0.1:5000/app:1.0"),
    ],
)
def test_a_tag_that_stands_elsewhere_belongs_to_the_image(named: str, log: str, reference: str) -> None:
    assert reference == str(aim_of({Capture.REFERENCE: named}, log).reference)


def test_an_image_is_put_together_from_what_a_line_says_around_it() -> None:
    captured = {Capture.HOST: "ghcr.io", Capture.REPOSITORY: "acme/hamalog-backend"}

    assert f"{BACKEND}:1.0" == str(aim_of(captured, f'"docker://{BACKEND}:1.0": name unknown').reference)


def test_without_a_tag_there_is_a_repository_and_no_image() -> None:
    captured = {Capture.HOST: "ghcr.io", Capture.REPOSITORY: "acme/hamalog-backend"}
    aim = aim_of(captured, "name unknown")

    assert (None, "ghcr.io", "acme/hamalog-backend") == (aim.reference, aim.registry, str(aim.repository))


def test_a_digest_that_stands_elsewhere_on_the_line() -> None:
    digest = f"sha256:{'1' * 64}"
    image = "registry.example:5000/acme/app"
    captured = {Capture.HOST: "registry.example:5000", Capture.REPOSITORY: "acme/app"}

    named = aim_of(captured, f"reading manifest {digest} in {image}: manifest unknown").reference

    assert f"{image}@{digest}" == str(named)


def test_what_was_said_of_an_image_is_told_with_its_tag() -> None:
    captured = {Capture.REFERENCE: "registry.example/acme/app"}
    aim = aim_of(captured, "reading manifest 1.0 in registry.example/acme/app: manifest unknown")

    assert "registry.example/acme/app:1.0" == captured_of(captured, aim)[Capture.REFERENCE]


def test_the_digest_of_a_part_is_not_what_was_asked_for() -> None:
    image = "registry.example:5000/acme/app"
    captured = {Capture.HOST: "registry.example:5000", Capture.REPOSITORY: "acme/app"}
    log = (
        f"copying system image from manifest list: determining manifest MIME type for docker://{image}:1.0: "
        f"reading manifest sha256:{'1' * 64} in {image}: manifest unknown"
    )

    assert f"{image}:1.0" == str(aim_of(captured, log).reference)
