"""The workflows and actions of one repository, each read once, however many jobs use it."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.files import Files
from wharf.formats.github.workflow import Action, Workflow
from wharf.formats.github.workflow_file import parse_action, parse_workflow
from wharf.formats.text import Text

Read = TypeVar("Read")


class Sources:
    """Files as they are, and beside them what was made of some. What cannot be read is as if it were not there."""

    def __init__(self, files: Files, read: Iterable[Workflow | Action] = ()) -> None:
        """`read`: what was read already."""
        known = tuple(read)
        self._files = files
        self._workflows: dict[str, Workflow | None] = {each.file: each for each in known if isinstance(each, Workflow)}
        self._actions: dict[str, Action | None] = {each.file: each for each in known if isinstance(each, Action)}

    def paths(self) -> Collection[str]:
        return self._files.paths()

    def read(self, path: str) -> Text:
        return self._files.read(path)

    def workflow(self, path: str) -> Workflow | None:
        return self._once(self._workflows, path, parse_workflow)

    def action(self, folder: str) -> Action | None:
        """Its file is `action.yml` or `action.yaml`."""
        inside = f"{folder}/" if folder else ""
        return self.action_in(f"{inside}action.yml") or self.action_in(f"{inside}action.yaml")

    def action_in(self, path: str) -> Action | None:
        return self._once(self._actions, path, parse_action)

    def _once(self, known: dict[str, Read | None], path: str, parse: Callable[[Text], Read]) -> Read | None:
        if path not in known:
            known[path] = self._parsed(path, parse)
        return known[path]

    def _parsed(self, path: str, parse: Callable[[Text], Read]) -> Read | None:
        try:
            return parse(self._files.read(path))
        except (FileNotThere, MalformedFile, UnreadableFile):
            return None
