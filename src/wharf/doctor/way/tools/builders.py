"""Programs that may push images and are told elsewhere which: `make push`, `./gradlew jib`, `skaffold run`."""

import re
from typing import Final

from wharf.doctor.way.tools.known import unwrapped
from wharf.formats.shell.ran import Ran

_ALWAYS: Final = frozenset(
    {"ko", "skaffold", "goreleaser", "werf", "dagger", "earthly", "tilt", "pack", "jib", "nixpacks"}
)
_BY_TARGET: Final = frozenset(
    {"make", "task", "just", "rake", "npm", "pnpm", "yarn", "nx", "turbo", "bazel", "sbt", "ansible-playbook"}
)
_BUILDS_OF_JAVA: Final = frozenset({"gradle", "gradlew", "mvn", "mvnw"})
_target = re.compile(r"docker|image|push|publish|release|deploy", re.IGNORECASE).search
_task = re.compile(r"jib|docker|build-?image|push", re.IGNORECASE).search


def may_push(ran: Ran) -> bool:
    words = unwrapped(ran.words)
    program = words[0].flat.rsplit("/", 1)[-1] if words else ""
    if program in _ALWAYS:
        return True
    asked = _target if program in _BY_TARGET else _task if program in _BUILDS_OF_JAVA else None
    return asked is not None and any(asked(word.flat) for word in words[1:])
