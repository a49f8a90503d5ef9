import pytest

from wharf.doctor.checkout import Checkout
from wharf.doctor.history import History
from wharf.doctor.rules.join.written_word import whole_word
from wharf.formats.files import WrittenFiles
from wharf.formats.span import Span


def marked(line: str, column: int, end: int) -> str:
    checkout = Checkout(WrittenFiles({"f": line}), History())
    span = whole_word(checkout, Span("f", 1, column, 1, end))
    return line[span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("line", "written", "whole"),
    [
        ("    image: ${IMAGE}:${TAG}", ":$", "${IMAGE}:${TAG}"),
        ('docker pull "$image"', "$image", "$image"),
        ("IMAGE=ghcr.io/app:$TAG", "ghcr.io/app", "ghcr.io/app:$TAG"),
        ("run: app:${{ github.sha }} -d", "app", "app:${{ github.sha }}"),
        ("docker run app:$(git rev-parse HEAD), too", "app", "app:$(git rev-parse HEAD)"),
        ("docker compose up -d", "docker compose up", "docker compose up"),
        ("", "", ""),
    ],
)
def test_a_reference_is_marked_whole(line: str, written: str, whole: str) -> None:
    start = line.find(written)

    assert whole == marked(line, start + 1, start + len(written) + 1)
