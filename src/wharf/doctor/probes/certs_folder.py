"""The folders in which each client keeps the authorities for single hosts: whether they make this registry believed.

/etc/docker/certs.d/HOST:PORT/ca.crt              docker, and without root ~/.config/docker/certs.d
/etc/containers/certs.d/HOST:PORT/ca.crt          podman, skopeo, buildah, which read docker's too
/etc/containerd/certs.d/HOST:PORT/hosts.toml      containerd, and HOST_PORT_ as well
~/.docker/tls/HOST:PORT/ca.crt                    docker, for content trust
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from wharf.client.origin import Origin
from wharf.doctor.reach.connecting import connected
from wharf.doctor.reach.containerd_hosts import ContainerdHosts, containerd_hosts
from wharf.doctor.reach.place import way_of
from wharf.doctor.reach.trust import Line, certificates_in, context_of_files, context_of_system, talked
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import NOTHING_SEEN, Seen, Sighting

_MOST_ENTRIES: Final = 500
_KEY_ENDINGS: Final = frozenset({".key"})
_WORDS: Final = {
    "absent": ("there is no folder for it", "해당 폴더가 없습니다"),
    "trusts": ("the authority that lies there is the right one", "올바른 인증 기관이 들어 있습니다"),
    "other-authority": ("what lies there is another authority", "다른 인증 기관이 들어 있습니다"),
    "misnamed": ("the folder has another name than the registry", "폴더 이름이 레지스트리와 다릅니다"),
    "wrong-ending": ("the authority's file does not end in .crt", "인증 기관 파일의 확장자가 .crt가 아닙니다"),
    "unreadable": ("it cannot be read", "읽을 수 없습니다"),
    "not-pem": (
        "the file that ends in .crt holds no certificate in PEM form",
        ".crt 파일에 PEM 형식의 인증서가 없습니다",
    ),
    "expired": ("the right authority lies there, and it has expired", "올바른 인증 기관이지만 만료되었습니다"),
    "half-a-pair": ("a client certificate or its key is missing", "클라이언트 인증서와 키 중 하나가 없습니다"),
    "not-configured": ("containerd is not told to look there", "containerd가 이 폴더를 읽도록 설정되어 있지 않습니다"),
}

Believes = Callable[[Iterable[Path]], bool]
"""Whether the authorities in these files make the registry believed."""


class _Judge(NamedTuple):
    """Whether files make the registry believed, and the time by which their dates are read."""

    believes: Believes
    now: datetime

    def has_only_old_ones(self, files: Iterable[Path]) -> bool:
        """Of files that make it believed: whether nothing is left of that without those that have expired."""
        every = list(files)
        fresh = [path for path in every if any(each.ends >= self.now for each in certificates_in(path))]
        return fresh != every and not (fresh and self.believes(fresh))


class _Folder(NamedTuple):
    """What lies in one, and where."""

    state: str
    path: Path


async def look(scene: Scene) -> Seen:
    origin = way_of(scene)
    if origin is None:
        return NOTHING_SEEN
    try:
        return await in_time(lambda: _looked(scene, origin), scene.patience)
    except TimeoutError:
        return NOTHING_SEEN


def _looked(scene: Scene, origin: Origin) -> Seen:
    sighting = Sighting("certs-folder")
    line: Line = lambda: connected(origin.host, origin.port, scene.patience / 4)  # noqa: E731
    try:
        talk = talked(line, origin, context_of_system(scene.settings))
    except OSError:
        believes: Believes = lambda _: False  # noqa: E731
        is_there = False
    else:
        believes, is_there = lambda files: _is_believed(files, line, origin), talk.is_believed or talk.is_unbelieved
        if is_there:
            _tell_of_system(sighting, origin, trusts=talk.is_believed)
    docker, containers, notary = _places(scene)
    judge = _Judge(believes, scene.clock())
    _tell(sighting, "docker", _best(docker, origin, judge), is_there=is_there)
    _tell(sighting, "containers", _best([*containers, *docker], origin, judge), is_there=is_there)
    _tell(sighting, "notary", _best(notary, origin, judge), is_there=is_there)
    hosts = containerd_hosts(scene.root, origin)
    _tell(sighting, "containerd", _of_containerd(hosts, believes), is_there=is_there)
    return sighting.done()


def _tell_of_system(sighting: Sighting, origin: Origin, *, trusts: bool) -> None:
    knows, korean = ("knows", "신뢰합니다") if trusts else ("does not know", "신뢰하지 않습니다")
    sighting.saw(
        "system",
        "trusts" if trusts else "does-not",
        f"This system {knows} the authority of {origin.authority}.",
        f"이 시스템은 {origin.authority}의 인증 기관을 {korean}.",
    )


def _tell(sighting: Sighting, client: str, folder: _Folder, *, is_there: bool) -> None:
    """Without an answer of the registry nobody can say whether an authority is the right one."""
    state = folder.state
    if client == "notary" and state not in {"absent", "trusts"}:
        state = "other-authority"
    if is_there or state not in {"trusts", "other-authority"}:
        english, korean = _WORDS[state]
        old = f" ({', '.join(_ends_of(folder.path))})" if state == "expired" else ""
        sighting.saw(client, state, f"{folder.path}: {english}{old}.", f"{folder.path}: {korean}{old}.")


def _ends_of(folder: Path) -> Iterator[str]:
    for path in _files(folder):
        for each in certificates_in(path)[:2]:
            yield f"{each.subject}: {each.ends:%Y-%m-%d %H:%M} UTC"


def _places(scene: Scene) -> tuple[list[Path], list[Path], list[Path]]:
    config = Path(scene.environ.get("XDG_CONFIG_HOME") or scene.home / ".config")
    if scene.platform == "win32":
        program_data = Path(scene.environ.get("PROGRAMDATA") or scene.root / "ProgramData")
        return [program_data / "docker/certs.d"], [config / "containers/certs.d"], [scene.home / ".docker/tls"]
    docker = [scene.root / "etc/docker/certs.d", config / "docker/certs.d"]
    if scene.platform == "darwin":
        docker.append(scene.home / ".docker/certs.d")
    containers = [scene.root / "etc/containers/certs.d", config / "containers/certs.d"]
    docker_home = Path(scene.environ.get("DOCKER_CONFIG") or scene.home / ".docker")
    return docker, containers, [docker_home / "tls"]


def _is_believed(files: Iterable[Path], line: Line, origin: Origin) -> bool:
    try:
        context = context_of_files(files)
        return context is not None and talked(line, origin, context).is_believed
    except OSError:
        return False


# --- folders ---------------------------------------------------------------------------------------------------------


def _best(bases: list[Path], origin: Origin, judge: _Judge) -> _Folder:
    """One that makes the registry believed, else the first in which something is wrong."""
    found = [each for base in bases for each in _states(base, origin, judge)]
    there = [each for each in found if each.state != "absent"]
    helping = (each for each in there if each.state == "trusts")
    exact = _exact_names(origin)[0]
    return next(helping, there[0] if there else _Folder("absent", bases[0] / exact))


def _states(base: Path, origin: Origin, judge: _Judge) -> Iterator[_Folder]:
    names = _exact_names(origin)
    try:
        entries = [entry for _, entry in zip(range(_MOST_ENTRIES), sorted(base.iterdir()), strict=False)]
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        yield _Folder("unreadable", base)
        return
    for entry in entries:
        if entry.name in names:
            yield _Folder(_state_of(entry, judge), entry)
        elif _is_near(entry.name, origin) and judge.believes(_files(entry)):
            yield _Folder("misnamed", entry)


def _exact_names(origin: Origin) -> tuple[str, ...]:
    return (origin.authority,)


def _is_near(name: str, origin: Origin) -> bool:
    """As people call it who meant this registry: with a scheme, without its port, with another separator."""
    bare = name.lower().removeprefix("https:").removeprefix("http:").strip("/_").rpartition("//")[2]
    host = bare.replace("_", ":").partition(":")[0].rstrip(".")
    return host in {origin.host, f"www.{origin.host}", origin.host.partition(".")[0]}


def _state_of(folder: Path, judge: _Judge) -> str:
    try:
        files = _files(folder)
        for path in files:
            path.read_bytes()
    except OSError:
        return "unreadable"
    if _is_half(files):
        return "half-a-pair"
    authorities = [path for path in files if path.suffix == ".crt"]
    if judge.believes(authorities):
        return "expired" if judge.has_only_old_ones(authorities) else "trusts"
    others = [path for path in files if path.suffix not in {".crt", *_KEY_ENDINGS} and certificates_in(path)]
    if others and judge.believes(others):
        return "wrong-ending"
    if authorities and not any(map(certificates_in, authorities)):
        return "not-pem"
    return "other-authority" if authorities else "absent"


def _is_half(files: list[Path]) -> bool:
    present = set(files)
    return any(path.suffix == ".cert" and path.with_suffix(".key") not in present for path in files) or any(
        path.suffix == ".key" and path.with_suffix(".cert") not in present for path in files
    )


def _files(folder: Path) -> list[Path]:
    return [path for _, path in zip(range(_MOST_ENTRIES), sorted(folder.iterdir()), strict=False) if path.is_file()]


def _of_containerd(hosts: ContainerdHosts, believes: Believes) -> _Folder:
    if not hosts.files and not hosts.skips_verification:
        return _Folder("absent", hosts.folder)
    if not hosts.is_configured:
        return _Folder("not-configured", hosts.folder)
    if hosts.skips_verification or believes(hosts.files):
        return _Folder("trusts", hosts.folder)
    return _Folder("other-authority", hosts.folder)
