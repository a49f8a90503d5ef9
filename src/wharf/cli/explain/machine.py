"""`wharf doctor --machine`: this machine and its registries are looked at, and what would fail is told."""

from collections.abc import Iterator, Sequence
from typing import Final

from wharf.cli.exit_codes import FAILED, OK
from wharf.cli.explain import words as said
from wharf.cli.explain.document import explanation_document
from wharf.cli.explain.told import Line, Telling
from wharf.cli.output import Json, Output, padded, shortened, width_of
from wharf.cli.running import run_to_end
from wharf.doctor.catalogue import known_failures
from wharf.doctor.language import Language
from wharf.doctor.machine import Looked, looked_at
from wharf.doctor.reach.waiting import in_time
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen

MOST_REGISTRIES: Final = 8
_WIDTH: Final = 80
_COLUMN: Final = 21


def look_at_machine(
    output: Output, scene: Scene, registries: Sequence[str], language: Language, *, as_json: bool
) -> int:
    """Without a name, the registries that this account has credentials for."""
    output.progress(said.LOOKING.in_(language).format(", ".join(registries) or said.MACHINE.in_(language)))
    every = run_to_end(_looked(scene, registries, language))
    output.progress("")
    if as_json:
        output.json({"looked_at": [_document(looked) for looked in every]})
    else:
        for line in _told(every, language):
            output.painted(line)
    return FAILED.code if any(looked.fails for looked in every) else OK.code


async def _looked(scene: Scene, registries: Sequence[str], language: Language) -> tuple[Looked, ...]:
    """Helpers that hang are not waited for twice: the probes tell of them."""
    try:
        named = registries or await in_time(lambda: known_here(scene), scene.patience)
    except TimeoutError:
        named = ()
    return await looked_at(scene, named, known_failures(), language)


def known_here(scene: Scene) -> tuple[str, ...]:
    rows = scene.keychain.inventory().known
    return tuple(dict.fromkeys(row.registry for row in rows))[:MOST_REGISTRIES]


def _told(every: Sequence[Looked], language: Language) -> Iterator[Line]:
    """What concerns several registries is told once."""
    telling, told = Telling(language), set()
    for looked in every:
        yield [(looked.registry or said.MACHINE.in_(language), "bold")]
        yield from _sights(looked.seen, language)
        yield []
        for explanation in looked.expected:
            key = (explanation.signature, tuple(cause.id for cause in explanation.holding))
            if key not in told:
                told.add(key)
                yield from telling.explanation(explanation)
                yield []
    if not any(looked.expected for looked in every):
        yield [(said.NOTHING_WOULD_FAIL.in_(language), "green")]


def _sights(seen: Seen, language: Language) -> Iterator[Line]:
    """A line for each probe: what it saw, in its own words."""
    for probe, sentences in _by_probe(seen, language).items():
        label = padded(f"  {probe}", _COLUMN)
        yield [(label, "dim"), (shortened(" ".join(sentences), _WIDTH - width_of(label) - 1), "")]
    for unseen in seen.unseen:
        label = padded(f"  {unseen.probe}", _COLUMN)
        text = f"{said.NOT_LOOKED_AT.in_(language)}: {unseen.why.in_(language)}"
        yield [(label, "dim"), (shortened(text, _WIDTH - width_of(label) - 1), "yellow")]


def _by_probe(seen: Seen, language: Language) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact, words in seen.shown.items():
        sentences = found.setdefault(fact.partition(".")[0], [])
        if words.in_(language) not in sentences:
            sentences.append(words.in_(language))
    return found


def _document(looked: Looked) -> Json:
    return {
        "registry": looked.registry,
        "facts": {name: _value(value) for name, value in sorted(looked.seen.facts.known.items())},
        "would_fail": [explanation_document(explanation) for explanation in looked.expected],
        "not_looked_at": [{"probe": unseen.probe, "why": unseen.why.english} for unseen in looked.seen.unseen],
    }


def _value(value: object) -> Json:
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return value if isinstance(value, bool | int | str) else str(value)
