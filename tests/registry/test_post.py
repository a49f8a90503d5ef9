"""The post of one worker process, with a process there that says that it serves, and waits."""

import signal
from collections.abc import Iterator
from multiprocessing import connection
from typing import Any

import pytest
from granian.server.mp import WorkerProcess

from wharf.registry.first_words import Mouth
from wharf.registry.post import Post

_Process: Any = WorkerProcess
"""It has no types."""


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post(1, made, start_seconds=1000.0)
    post.fill(0.0)
    while not post.has_served:
        assert connection.wait(post.signs(), 120)
        post.look(1.0)
    yield post
    for worker in post.living():
        worker.inner.kill()
        worker.inner.join()
    post.close()


def made(mouth: Mouth) -> WorkerProcess:
    worker: WorkerProcess = _Process(None, 0, serve_and_wait, (mouth,))
    return worker


def serve_and_wait(mouth: Mouth) -> None:
    mouth.tell_that_it_serves()
    signal.pause()


def test_while_nothing_happens_there_is_no_sign(post: Post) -> None:
    assert [] == connection.wait(post.signs(), 0)
    assert post.next_look() is None


def test_an_end_since_the_last_look_is_a_sign(post: Post) -> None:
    shoot_whoever_stands_there(post)

    assert connection.wait(post.signs(), 0)


def test_whoever_ended_is_followed_at_once(post: Post) -> None:
    shoot_whoever_stands_there(post)
    post.look(20.0)

    assert 20.0 == post.next_look()


def test_the_end_of_one_who_makes_room_is_a_sign_too(post: Post) -> None:
    (leaving,) = post.living()
    post.renew(20.0)
    connection.wait(post.signs(), 120)
    leaving.inner.kill()
    leaving.inner.join()

    assert leaving.inner.sentinel in connection.wait(post.signs(), 0)


def shoot_whoever_stands_there(post: Post) -> None:
    (worker,) = post.living()
    worker.inner.kill()
    worker.inner.join()
