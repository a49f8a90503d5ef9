"""A registry with accounts, and somebody who looks after it with the commands."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.desk import Desk
from tests.cli.stage import Outcome
from wharf.testing.registry_process import RegistryProcess

PASSWORD = "correct horse battery"


@dataclass
class Office:
    """`name` is an organisation of the test's own. Whoever sits there is the administrator, unless it says else."""

    registry: RegistryProcess
    name: str
    desk: Desk

    @property
    def host(self) -> str:
        return self.registry.host

    @property
    def org(self) -> str:
        return f"{self.host}/{self.name}"

    def sit(self, login: str, password: str) -> None:
        """What a login keeps, with no question asked."""
        auth = base64.b64encode(f"{login}:{password}".encode()).decode()
        self.desk.home.config.parent.mkdir(parents=True, exist_ok=True)
        self.desk.home.config.write_text(json.dumps({"auths": {self.host: {"auth": auth}}}))

    def leave(self) -> None:
        self.desk.home.config.unlink(missing_ok=True)

    def wharf(self, *words: str, piped: str | None = None, typed: Sequence[str] | None = None) -> Outcome:
        return self.desk.wharf(*words, piped=piped, typed=typed)

    def done(self, *words: str, piped: str | None = None) -> str:
        outcome = self.wharf(*words, piped=piped)
        assert outcome.code == 0, outcome
        return outcome.out

    def told(self, *words: str) -> Any:
        return json.loads(self.done(*words, "--json"))

    def token(self, *words: str) -> str:
        """A new one, for whom and what the words say."""
        return self.done("token", "create", self.host, *words).strip()


def open_office(registry: RegistryProcess, name: str, folder: Path) -> Office:
    office = Office(registry, name, Desk(folder))
    office.sit("admin", PASSWORD)
    return office
