"""A desk with a home of its own, at which somebody logs in and out. All that was said there is kept, to be searched."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from tests.cli.stage import SLOWNESS, Outcome, Terminal
from tests.credentials.stage import Home
from wharf.cli.main import main
from wharf.cli.surroundings import Surroundings


@dataclass
class Desk:
    folder: Path
    said: list[str] = field(default_factory=list)
    platform: str = "linux"

    def __post_init__(self) -> None:
        runtime = self.folder / "run"
        runtime.mkdir()
        self.home = Home(self.folder, XDG_RUNTIME_DIR=str(runtime))
        self.auth_file = runtime / "containers" / "auth.json"

    def wharf(self, *words: str, piped: str | None = None, typed: Sequence[str] | None = None) -> Outcome:
        """`piped` is what comes through a pipe; `typed`, line by line, what a person answers when asked."""
        keyboard = StringIO(piped or "") if typed is None else Terminal("".join(f"{line}\n" for line in typed))
        out, err = StringIO(), StringIO()
        home = self.home
        code = main(
            words,
            Surroundings(
                home.environ, out, err, self.folder, keyboard, home.path, platform=self.platform, slowness=SLOWNESS
            ),
        )
        self.said += [out.getvalue(), err.getvalue()]
        return Outcome(code, out.getvalue(), err.getvalue())

    def login(self, registry: str, username: str, password: str, *words: str) -> Outcome:
        return self.wharf("login", registry, "-u", username, "--password-stdin", *words, piped=f"{password}\n")

    @property
    def has_config(self) -> bool:
        return self.home.config.exists()

    def never_said(self, *secrets: str) -> bool:
        return not any(secret in text for secret in secrets for text in self.said)
