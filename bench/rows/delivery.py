"""Images on their way, by `wharf` and by skopeo: the same image, the same registries, whole commands."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Self

from bench.commands import peak_megabytes, run, seconds_of
from bench.conditions import Conditions
from bench.contestants import docker_registry, wharf
from bench.layered import TAG, layer_of_files, random_layers, write_layout
from bench.measure import Bench, Figure, at_least, at_most, duel

SKOPEO = "skopeo 1.9"
LAYERS = 10
REPOSITORY = "bench/image"
LOAD = "whole commands; both registries are wharf's"
MILLISECONDS = 1000
MEGABYTE = 1e6
COMMANDS = 7


def run_between(conditions: Conditions) -> Iterator[Figure]:
    with Harbour(conditions, conditions.sizes.stream // LAYERS, LAYERS) as harbour:
        yield from duel(conditions.sizes.rounds, "MB/s", harbour.ours(harbour.between), harbour.peers_between)


def run_to_layout(conditions: Conditions) -> Iterator[Figure]:
    with Harbour(conditions, conditions.sizes.stream // LAYERS, LAYERS) as harbour:
        yield from duel(conditions.sizes.rounds, "MB/s", harbour.ours(harbour.to_layout), harbour.peers_to_layout)


def run_compressing(conditions: Conditions) -> Iterator[Figure]:
    with Harbour(conditions, conditions.sizes.stream // 2, 0) as harbour:
        yield from duel(conditions.sizes.rounds, "MB/s", harbour.ours(harbour.push), harbour.peers_push)


def run_again(conditions: Conditions) -> Iterator[Figure]:
    with Harbour(conditions, conditions.sizes.stream // LAYERS // LAYERS, LAYERS) as harbour:
        if harbour.command is None:
            return
        with harbour.registry() as target:
            harbour.carry(harbour.source, f"{target}/{REPOSITORY}:{TAG}")
            for _ in range(COMMANDS):
                taken = harbour.carry(harbour.source, f"{target}/{REPOSITORY}:{TAG}")
                yield Figure("ms", taken * MILLISECONDS)


def run_memory(conditions: Conditions) -> Iterator[Figure]:
    """One layer that is large, and sent as it is."""
    with Harbour(conditions, conditions.sizes.stream, 1) as harbour:
        if harbour.command is None:
            return
        with harbour.registry() as target:
            copy = (*harbour.command, "copy", "--quiet", harbour.source, f"{target}/{REPOSITORY}:{TAG}")
            yield Figure("MB", peak_megabytes(copy, harbour.home))


def run_version(conditions: Conditions) -> Iterator[Figure]:
    if conditions.wharf_command is None:
        return
    with conditions.folder("home") as home:
        for _ in range(COMMANDS):
            yield Figure("ms", seconds_of((*conditions.wharf_command, "--version"), home) * MILLISECONDS)


def run_tags(conditions: Conditions) -> Iterator[Figure]:
    with Harbour(conditions, conditions.sizes.stream // LAYERS // LAYERS, LAYERS) as harbour:
        if harbour.command is None:
            return
        tags = (*harbour.command, "tags", harbour.source.removesuffix(f":{TAG}"))
        for _ in range(COMMANDS):
            yield Figure("ms", seconds_of(tags, harbour.home) * MILLISECONDS)


class Harbour:
    """A registry that holds the image, the image as a layout, and a folder for what is carried away."""

    def __init__(self, conditions: Conditions, size: int, layers: int) -> None:
        """Without layers: one of files, not compressed."""
        self._conditions = conditions
        self._size = size * max(layers, 1)
        self._layers = random_layers(layers, size) if layers else iter([layer_of_files(size)])
        self._stack = ExitStack()
        self.command = conditions.wharf_command

    def __enter__(self) -> Self:
        with self._stack:
            folder = self._stack.enter_context(self._conditions.folder("delivery"))
            self.home, self.layout = folder / "home", folder / "layout"
            self.home.mkdir()
            write_layout(self.layout, self._layers)
            self.source = f"{self._stack.enter_context(self.registry())}/{REPOSITORY}:{TAG}"
            run(skopeo(f"oci:{self.layout}:{TAG}", f"docker://{self.source}"), self.home)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def registry(self) -> "Registry":
        return Registry(self._conditions)

    def ours(self, measure: Callable[[], float]) -> Callable[[], float] | None:
        return None if self.command is None else measure

    def carry(self, source: str, target: str, *flags: str) -> float:
        assert self.command is not None
        return seconds_of((*self.command, "copy", "--quiet", *flags, source, target), self.home)

    def between(self) -> float:
        return self._into_registry(partial(self.carry, self.source))

    def peers_between(self) -> float:
        return self._into_registry(lambda target: self._peer(f"docker://{self.source}", f"docker://{target}"))

    def to_layout(self) -> float:
        return self._into_folder(partial(self.carry, self.source))

    def peers_to_layout(self) -> float:
        return self._into_folder(partial(self._peer, f"docker://{self.source}"))

    def push(self) -> float:
        """Without being asked it would keep the layer, and with it the digest of the image."""
        source = f"oci:{self.layout}:{TAG}"
        return self._into_registry(lambda target: self.carry(source, target, "--compression", "gzip"))

    def peers_push(self) -> float:
        return self._into_registry(lambda target: self._peer(f"oci:{self.layout}:{TAG}", f"docker://{target}"))

    def _peer(self, source: str, target: str) -> float:
        return seconds_of(skopeo(source, target), self.home)

    def _into_registry(self, deliver: Callable[[str], float]) -> float:
        with self.registry() as target:
            os.sync()
            return self._size / MEGABYTE / deliver(f"{target}/{REPOSITORY}:{TAG}")

    def _into_folder(self, deliver: Callable[[str], float]) -> float:
        with self._conditions.folder("carried") as folder:
            os.sync()
            return self._size / MEGABYTE / deliver(f"oci:{folder}/image:{TAG}")


class Registry:
    """A wharf registry with an empty store, by its host and port; the peer's own where wharf is not measured."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        self._stack = ExitStack()

    def __enter__(self) -> str:
        launch = wharf(self._conditions) or docker_registry
        with self._stack:
            folder = self._stack.enter_context(self._conditions.folder("registry"))
            server = self._stack.enter_context(launch(folder))
            self._stack = self._stack.pop_all()
            return f"127.0.0.1:{server.port}"

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def skopeo(source: str, target: str) -> tuple[str, ...]:
    return ("skopeo", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false", source, target)


BENCHES = (
    Bench(
        "copy-between",
        "copy of a 1 GB image of ten layers between two registries",
        SKOPEO,
        LOAD,
        at_least(1.5),
        run_between,
    ),
    Bench(
        "copy-to-layout",
        "pull of a 1 GB image of ten layers to a layout",
        SKOPEO,
        LOAD,
        at_least(1.5),
        run_to_layout,
    ),
    Bench(
        "push-compressing",
        "push of an uncompressed layer of 500 MB, compressing it",
        SKOPEO,
        LOAD,
        at_least(2),
        run_compressing,
    ),
    Bench(
        "copy-again", "copy of an image that is there already", "", "the whole command", at_most(150, "ms"), run_again
    ),
    Bench(
        "client-memory",
        "memory of `wharf copy` with a layer of 1 GB (peak PSS)",
        "",
        "the whole command",
        at_most(150, "MB"),
        run_memory,
    ),
    Bench("version-command", "`wharf --version`", "", "the whole command", at_most(150, "ms"), run_version),
    Bench("tags-command", "`wharf tags` of a small repository", "", "the whole command", at_most(300, "ms"), run_tags),
)
