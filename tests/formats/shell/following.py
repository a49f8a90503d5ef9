"""Following a script in tests, and what it calls in short."""

from collections.abc import Mapping

from wharf.formats.files import WrittenFiles
from wharf.formats.hole import Unknown
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Certainty, Followed, Given
from wharf.formats.shell.start import Start
from wharf.formats.text import Text

SHA = "453a6545b97fe240727c378291230abeb793d851"


def followed(
    script: str,
    files: Mapping[str, str] | None = None,
    others: Given = Given.UNSET,
    *arguments: str,
    **variables: str,
) -> Followed:
    start = Start(
        variables={name: Text.known(value) for name, value in variables.items()},
        others=others,
        arguments=tuple(Text.known(argument) for argument in arguments),
        files=WrittenFiles(files or {}),
    )
    return follow(Text.of_file("run.sh", script), start)


def calls(found: Followed, *certainties: Certainty) -> list[str]:
    """Of `docker`, with holes shown."""
    return [
        " ".join(word.shown for word in ran.words[1:])
        for ran in found.ran
        if ran.program == "docker" and ran.certainty in (certainties or tuple(Certainty))
    ]


def sure(found: Followed) -> list[str]:
    return calls(found, Certainty.ALWAYS)


def unsure(found: Followed) -> list[str]:
    return calls(found, Certainty.PERHAPS)


def secret(name: str) -> Text:
    return Text.unknown(Unknown.SECRET, name)
