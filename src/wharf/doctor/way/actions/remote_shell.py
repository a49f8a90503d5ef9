"""`appleboy/ssh-action`: a script that runs on another machine, to which only the variables that are named come."""

from dataclasses import replace

from wharf.doctor.way.actions.told import Told, lines_and_commas
from wharf.formats.event import Event
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.pipeline import ActionRun
from wharf.formats.shell.follow import follow
from wharf.formats.shell.ran import Followed, Given
from wharf.formats.shell.start import Start
from wharf.formats.text import Text


def remote_shell(used: ActionRun, event: Event) -> Told:
    script = used.inputs.get("script")
    host = used.inputs.get("host") or Text.known("ssh")
    if script is None:
        path = used.inputs.get("script_file") or used.inputs.get("script_path")
        reason = Reason(Unknown.FILE, path.shown if path else "script")
        return Told(undecided=(Hole(reason, path.span if path else None),))
    named = {name.flat for name in lines_and_commas(used.inputs.get("envs"))}
    everything = (used.inputs.get("allenvs") or Text()).flat == "true"
    variables = {
        name: value
        for name, value in {**_of_the_runner(event), **used.environment}.items()
        if name in named or (everything and name.startswith(("GITHUB_", "INPUT_")))
    }
    followed = follow(script, Start(variables, others=Given.UNSET))
    return Told(followed=on_host(followed, host))


def _of_the_runner(event: Event) -> dict[str, Text]:
    """Variables that every step has, so that they may be named to be passed on."""
    ref_name = event.branch or event.tag or event.ref.removeprefix("refs/pull/")
    owner = event.repository.partition("/")[0]
    found = {"SHA": event.sha, "REPOSITORY": event.repository, "REPOSITORY_OWNER": owner, "REF": event.ref}
    found |= {"REF_NAME": ref_name, "EVENT_NAME": event.name, "HEAD_REF": event.head_ref, "BASE_REF": event.base_ref}
    return {f"GITHUB_{name}": Text.known(value) for name, value in found.items()}


def on_host(followed: Followed, host: Text) -> Followed:
    """All that is done there, unless it leads to a third machine."""
    ran = tuple(ran if ran.host is not None else replace(ran, host=host) for ran in followed.ran)
    written = tuple(replace(written, host=host) for written in followed.written)
    return replace(followed, ran=ran, written=written)
