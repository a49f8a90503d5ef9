"""Where a build goes, as BuildKit is told: `type=image,"name=ghcr.io/acme/app,ghcr.io/acme/app:1",push=true`."""

from collections.abc import Iterable, Iterator

from wharf.formats.text import Text


def image_outputs(outputs: Iterable[Text]) -> Iterator[Text]:
    """The references that are pushed. One without tag is pushed by digest only."""
    for output in outputs:
        fields = tuple(_fields(output))
        known = {name: value.flat for name, value in fields}
        is_pushed = known.get("push") == "true" or known.get("type") == "registry"
        if is_pushed:
            yield from (
                part for name, value in fields if name == "name" for part in value.split(",") if part.stripped()
            )


def is_by_digest(outputs: Iterable[Text]) -> bool:
    return any("push-by-digest=true" in output.flat for output in outputs)


def _fields(output: Text) -> Iterator[tuple[str, Text]]:
    """Split at commas outside of quotes."""
    start, quoted = 0, False
    flat = output.flat
    for at, character in enumerate(flat + ","):
        if character == '"':
            quoted = not quoted
        elif character == "," and (not quoted or at == len(flat)):
            field = output[start:at].stripped().stripped('"')
            name, equals, _ = field.flat.partition("=")
            if equals:
                yield name.strip().lower(), field[len(name) + 1 :].stripped()
            start = at + 1
