"""Following a script: which commands it would run, with everything put in that can be known."""

from wharf.formats.shell.ran import Followed
from wharf.formats.shell.start import Start
from wharf.formats.text import Text


def follow(script: Text, start: Start) -> Followed:
    return Followed()
