"""`wharf check` as a test runs it, and what it says of each step."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.harbour import Harbour
from tests.cli.stage import Outcome, run

WELL = dict.fromkeys(("environment", "login", "push", "pull", "api", "cleanup"), "passed")


@dataclass(frozen=True, slots=True)
class Checked:
    outcome: Outcome
    document: dict[str, Any]

    @property
    def code(self) -> int:
        return self.outcome.code

    @property
    def steps(self) -> dict[str, str]:
        return {step["id"]: step["outcome"] for step in self.document["steps"]}

    @property
    def failed(self) -> list[str]:
        return [step for step, outcome in self.steps.items() if outcome == "failed"]

    def lines(self, step: str, mark: str = "") -> list[dict[str, Any]]:
        (found,) = (each for each in self.document["steps"] if each["id"] == step)
        return [line for line in found["lines"] if mark in ("", line["mark"])]

    def errors(self, step: str) -> list[str]:
        return [line["error"]["code"] for line in self.lines(step) if "error" in line]

    def held(self, step: str) -> list[str]:
        """What the catalogue says of it: each signature, with the causes that hold."""
        told = [line["explanation"] for line in self.lines(step, "bad") if "explanation" in line]
        return [
            f"{each['signature']}: {' '.join(cause['id'] for cause in each['causes'] if cause['verdict'] == 'holds')}"
            for each in told
        ]

    def said(self, step: str) -> str:
        return "\n".join(line["text"] for line in self.lines(step))


def wharf(folder: Path, place: str, *words: str, engine: str = "--no-engine", **environ: str) -> Outcome:
    """`engine`: nothing, for one that is used where it answers."""
    chosen = [engine] if engine else []
    return run(folder, ["check", place, *chosen, *words], {"HOME": str(folder), **environ})


def checked(folder: Path, place: str, *words: str, engine: str = "--no-engine", **environ: str) -> Checked:
    outcome = wharf(folder, place, *words, "--json", engine=engine, **environ)
    return Checked(outcome, json.loads(outcome.out))


def tags_of(harbour: Harbour) -> list[str]:
    listed = run(harbour.folder, ["tags", harbour.at(name=f"{harbour.name}/wharf-check"), "--json"])
    return [] if listed.code == 4 else [each["name"] for each in json.loads(listed.out)["tags"]]
