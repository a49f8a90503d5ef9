"""The workflows and actions of one repository, each read once, however many jobs use it."""

from collections.abc import Callable, Collection
from typing import TypeVar

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.files import Files
from wharf.formats.github.workflow import Action, Workflow
from wharf.formats.github.workflow_file import parse_action, parse_workflow
from wharf.formats.text import Text

Read = TypeVar("Read")


class Sources:
    """Files as they are, and beside them what was made of some. What cannot be read is as if it were not there."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._workflows: dict[str, Workflow | None] = {}
        self._actions: dict[str, Action | None] = {}

    def paths(self) -> Collection[str]:
        return self._files.paths()

    def read(self, path: str) -> Text:
        return self._files.read(path)

    def workflow(self, path: str) -> Workflow | None:
        return self._once(self._workflows, path, parse_workflow)

    def action(self, folder: str) -> Action | None:
        """Its file is `action.yml` or `action.yaml`."""
        inside = f"{folder}/" if folder else ""
        first = self._once(self._actions, f"{inside}action.yml", parse_action)
        return first or self._once(self._actions, f"{inside}action.yaml", parse_action)

    def _once(self, known: dict[str, Read | None], path: str, parse: Callable[[Text], Read]) -> Read | None:
        if path not in known:
            known[path] = self._parsed(path, parse)
        return known[path]

    def _parsed(self, path: str, parse: Callable[[Text], Read]) -> Read | None:
        try:
            return parse(self._files.read(path))
        except (FileNotThere, MalformedFile, UnreadableFile):
            return None
