"""All programs whose command lines are understood here, and what runs other programs for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

from wharf.doctor.way.deed import Act
from wharf.doctor.way.tools.buildah import buildah
from wharf.doctor.way.tools.buildctl import buildctl
from wharf.doctor.way.tools.compose import compose_call
from wharf.doctor.way.tools.crane import crane, regctl
from wharf.doctor.way.tools.docker import docker
from wharf.doctor.way.tools.helm import helm
from wharf.doctor.way.tools.kamal import KamalCall, kamal
from wharf.doctor.way.tools.kaniko import kaniko
from wharf.doctor.way.tools.kubectl import kubectl
from wharf.doctor.way.tools.kustomize import kustomize
from wharf.doctor.way.tools.options import sorted_words, valued
from wharf.doctor.way.tools.skopeo import skopeo
from wharf.formats.shell.ran import Ran
from wharf.formats.text import Text

Reading = Callable[[Sequence[Text]], Iterable[Act | KamalCall]]
_PROGRAMS: Final[Mapping[str, Reading]] = MappingProxyType(
    {
        "docker": docker,
        "podman": partial(docker, program="podman"),
        "nerdctl": partial(docker, program="nerdctl"),
        "docker-compose": compose_call,
        "podman-compose": compose_call,
        "buildah": buildah,
        "buildctl": buildctl,
        "buildctl-daemonless.sh": buildctl,
        "crane": crane,
        "regctl": regctl,
        "skopeo": skopeo,
        "executor": kaniko,
        "kubectl": kubectl,
        "oc": kubectl,
        "helm": helm,
        "kustomize": kustomize,
        "kamal": kamal,
    }
)
_RUNNERS: Final = MappingProxyType(
    {
        "sudo": valued("-u", "-g", "-h", "-p", "-U", "-C", "-D", "-R", "-T", "--user", "--group"),
        "env": valued("-u", "-C", "-S", "--unset", "--chdir"),
        "time": valued("-o", "-f"),
        "nohup": valued(),
        "exec": valued("-a"),
        "command": valued(),
        "nice": valued("-n"),
        "retry": valued("-t", "-d", "--times", "--delay"),
        "bundle": valued(),
    }
)
_MOST_RUNNERS: Final = 5


def acts_of(ran: Ran) -> Iterator[Act | KamalCall]:
    words = unwrapped(ran.words)
    name = words[0].value if words else None
    reading = _PROGRAMS.get(name.rsplit("/", 1)[-1]) if name else None
    if reading:
        yield from reading(words[1:])


def unwrapped(words: Sequence[Text]) -> Sequence[Text]:
    """Without `sudo` and the like before the program."""
    for _ in range(_MOST_RUNNERS):
        name = words[0].flat.rsplit("/", 1)[-1] if words else ""
        if name == "timeout":
            words = sorted_words(words[1:], valued("-s", "-k"), ends_at_operand=True).operands[1:]
        elif name in _RUNNERS:
            words = sorted_words(words[1:], _RUNNERS[name], ends_at_operand=True).operands
            words = words[1:] if name == "bundle" and words and words[0].flat == "exec" else words
            while name == "env" and words and "=" in words[0].flat:
                words = words[1:]
        else:
            break
    return words
