"""Under which names a job reaches the containers beside it."""

import re

from wharf.formats.gitlab.pipeline import Service
from wharf.formats.text import Text

_tag = re.compile(r"(?::[^/:]*)?(?:@.*)?$")


def names_from_image(image: str) -> tuple[str, ...]:
    """Without its tag, and with its slashes replaced in both ways: `tutum__wordpress` and `tutum-wordpress`."""
    name = image[: found.start()] if (found := _tag.search(image)) else image
    name = re.sub(r":\d+(?=/)", "", name)
    return (name.replace("/", "__"), name.replace("/", "-")) if "/" in name else (name,)


def host_names(image: Text, service: Service) -> tuple[str, ...] | None:
    """None, if they are not known. With an alias there are those of the image as well."""
    if any(alias.holes for alias in service.aliases):
        return None
    aliases = tuple(alias.flat for alias in service.aliases)
    if image.value is None:
        return aliases or None
    return (*aliases, *names_from_image(image.flat))
