"""The pulls that are left, read from header fields."""

from datetime import timedelta

import pytest

from wharf.client.clouds.docker_hub import PullsLeft, ask_pulls_left
from wharf.client.message import Headers, Response


def asked(*fields: tuple[str, str]) -> tuple[str, PullsLeft | None]:
    flow = ask_pulls_left()
    request = next(flow)
    with pytest.raises(StopIteration) as ended:
        flow.send(Response(200, Headers(fields), b"", "https://registry-1.docker.io/"))
    return f"{request.method} {request.url}", ended.value.value


def test_the_question_spends_no_pull() -> None:
    assert "HEAD /v2/ratelimitpreview/test/manifests/latest" == asked()[0]


def test_the_answer_is_read_from_its_fields() -> None:
    fields = [("RateLimit-Limit", "100;w=21600"), ("RateLimit-Remaining", "76;w=21600"),
              ("Docker-RateLimit-Source", "192.0.2.7")]  # fmt: skip
    assert PullsLeft(100, 76, timedelta(hours=6), "192.0.2.7") == asked(*fields)[1]


@pytest.mark.parametrize(
    "fields", [(), (("ratelimit-limit", "100;w=21600"),), (("ratelimit-limit", "no"), ("ratelimit-remaining", "no"))]
)
def test_without_the_fields_nothing_is_counted(fields: tuple[tuple[str, str], ...]) -> None:
    assert asked(*fields)[1] is None
