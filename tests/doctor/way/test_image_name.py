import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.way.texts import text
from wharf.doctor.way.image_name import image_name
from wharf.formats.text import Text


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("redis", "docker.io/library/redis:latest"),
        ("acme/app", "docker.io/acme/app:latest"),
        ("index.docker.io/acme/app:1", "docker.io/acme/app:1"),
        ("GHCR.io/acme/app:1", "ghcr.io/acme/app:1"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("docker://ghcr.io/acme/app:1", "ghcr.io/acme/app:1"),
        ("ghcr.io/acme/app:1@sha256:ab", "ghcr.io/acme/app@sha256:ab"),
        (" ghcr.io/acme/app:1\n", "ghcr.io/acme/app:1"),
    ],
)
def test_a_reference_is_brought_into_one_spelling(written: str, whole: str) -> None:
    assert whole == image_name(Text.known(written)).whole.flat


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<USER>/app:1", "‹USER›/app:1"),
        ("ghcr.io/<OWNER>/app", "ghcr.io/‹OWNER›/app:latest"),
        ("ghcr.io/acme/<NAME>", "ghcr.io/acme/‹NAME›"),
        ("<IMAGE>", "‹IMAGE›"),
        ("ghcr.io/acme/app:<TAG>", "ghcr.io/acme/app:‹TAG›"),
    ],
)
def test_what_is_not_known_may_be_a_registry_or_a_tag(written: str, shown: str) -> None:
    assert shown == image_name(text(written)).whole.shown


def test_a_repository_without_its_registry_is_its_path() -> None:
    name = image_name(Text.known("ghcr.io/acme/app:1"))

    assert ("ghcr.io", "acme/app") == (name.registry, name.path)


@given(st.text(max_size=80))
@settings(max_examples=80)
def test_any_text_has_a_spelling_that_stays_as_it_is(written: str) -> None:
    whole = image_name(Text.known(written)).whole

    assert image_name(whole).whole.flat.count("@") == whole.flat.count("@")
