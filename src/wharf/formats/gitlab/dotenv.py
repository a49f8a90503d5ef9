"""Variables that a job hands on to later ones: the lines `NAME=value` of the file that it names for that."""

import re
from collections.abc import Iterable

from wharf.formats.shell.ran import Followed
from wharf.formats.text import Text

_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def handed_on(followed: Iterable[Followed], paths: tuple[Text, ...]) -> dict[str, Text]:
    """As far as the scripts write the file by themselves."""
    wanted = {path.flat.removeprefix("./") for path in paths if path.value is not None}
    found: dict[str, Text] = {}
    for each in (written for script in followed for written in script.written):
        if each.path.value is not None and each.path.flat.removeprefix("./") in wanted:
            if not each.appended:
                found.clear()
            found |= _variables(each.content)
    return found


def _variables(content: Text) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for line in content.lines():
        name, equals, _ = line.flat.partition("=")
        if equals and _name.fullmatch(name.strip()):
            found[name.strip()] = _unquoted(line[len(name) + 1 :].stripped())
    return found


def _unquoted(value: Text) -> Text:
    quote = value.flat[:1]
    return value[1:-1] if quote in {'"', "'"} and len(value) > 1 and value.flat.endswith(quote) else value
