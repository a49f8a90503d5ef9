"""Images of others that change by themselves, as far as they are named."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.rules.docker.from_image_moves import RULE
from wharf.formats.files import WrittenFiles


@pytest.mark.parametrize(
    ("image", "moves"), [("node", True), ("a/node:latest", True), ("node:22", False), ("node:$VERSION", False)]
)
def test_what_a_build_still_names_does_not_move(image: str, *, moves: bool) -> None:
    files = WrittenFiles({"Dockerfile": f"ARG VERSION\nFROM {image}\n"})
    assert moves is bool(list(RULE.check(checkout_of(files))))
