"""All that shells do: in the jobs of CI, whatever event it is, and in scripts that no job calls."""

from collections.abc import Iterator
from dataclasses import dataclass

from wharf.doctor.checkout import Checkout
from wharf.doctor.looks.scripts import scripts, whatever_is_passed
from wharf.doctor.looks.way import way
from wharf.formats.pipeline import JobRun
from wharf.formats.shell.ran import Defaulted, Followed, Lost, Ran


@dataclass(frozen=True)
class ShellRun:
    """`job`: None for a script that no job calls; `file`: the one that the shell is started from."""

    followed: Followed
    file: str
    job: JobRun | None = None

    @property
    def is_on_hosted_machine(self) -> bool:
        """One of GitHub's own, with what is installed there."""
        if self.job is None or not self.job.file.startswith(".github/") or self.job.image is not None:
            return False
        machines = [machine.value for machine in self.job.machine]
        return len(machines) == 1 and (machines[0] or "").startswith("ubuntu-")


def shell_runs(checkout: Checkout) -> tuple[ShellRun, ...]:
    in_jobs = tuple(_in_jobs(checkout))
    called = {ran.span.file for run in in_jobs for ran in run.followed.ran}
    alone = (
        ShellRun(whatever_is_passed(checkout, script), script.path)
        for script in checkout.once(scripts)
        if script.path not in called
    )
    return (*in_jobs, *alone)


def _in_jobs(checkout: Checkout) -> Iterator[ShellRun]:
    for turn in checkout.once(way).turns:
        for job in turn.jobs:
            for step in job.steps:
                if isinstance(step.deed, Followed):
                    yield ShellRun(step.deed, job.file, job)


def commands(checkout: Checkout, *programs: str) -> Iterator[tuple[ShellRun, Ran]]:
    """Each once for each place where it stands."""
    seen = set()
    for run in checkout.once(shell_runs):
        for ran in run.followed.ran:
            if ran.program in programs and ran.span not in seen:
                seen.add(ran.span)
                yield run, ran


def lost_variables(checkout: Checkout) -> Iterator[tuple[ShellRun, Lost]]:
    """Each once for each place where it is lost."""
    seen = set()
    for run in checkout.once(shell_runs):
        for lost in run.followed.lost:
            if (lost.name, lost.by) not in seen:
                seen.add((lost.name, lost.by))
                yield run, lost


def defaults(checkout: Checkout) -> Iterator[tuple[ShellRun, Defaulted]]:
    for run in checkout.once(shell_runs):
        for defaulted in run.followed.defaulted:
            yield run, defaulted
