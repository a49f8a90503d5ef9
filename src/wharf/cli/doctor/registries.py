"""Registries that are asked what they hold, while somebody waits for the doctor."""

from wharf.cli.doctor.words import ASKING
from wharf.cli.output import Output
from wharf.cli.remote import Remotes
from wharf.cli.remote_options import RemoteWishes
from wharf.cli.running import run_to_end
from wharf.cli.surroundings import Surroundings
from wharf.doctor.held import PATIENCE_SECONDS, held_of
from wharf.doctor.language import Language
from wharf.doctor.way.holdings import Holdings


class Registries:
    def __init__(self, surroundings: Surroundings, wishes: RemoteWishes, language: Language) -> None:
        self._surroundings = surroundings
        self._wishes = wishes
        self._language = language

    def held(self, wanted: dict[str, set[str]]) -> Holdings:
        Output(self._surroundings).progress(ASKING.in_(self._language).format(", ".join(wanted)))
        return run_to_end(self._held(wanted))

    async def _held(self, wanted: dict[str, set[str]]) -> Holdings:
        remotes = Remotes(self._surroundings, self._wishes)
        try:
            return await held_of(wanted, remotes.repository, PATIENCE_SECONDS * self._surroundings.slowness)
        finally:
            await remotes.close()
