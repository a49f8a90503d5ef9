"""Labels and annotations: what the action says of an image by itself, and what it is told to say."""

import json
from collections.abc import Iterable, Mapping

from wharf.formats.github.metadata.expressions import everywhere, filled_in
from wharf.formats.github.metadata.happened import Happened
from wharf.formats.hole import Unknown
from wharf.formats.text import Text

_OCI = "org.opencontainers.image."


def described(event: Happened, version: Text, extra: Iterable[Text], server: str) -> Mapping[str, Text]:
    """In the order of their names, without regard to capitals."""
    address = Text.known(f"{server}/{event.repository}")
    found = {
        f"{_OCI}title": Text.known(event.repository.rpartition("/")[2]),
        f"{_OCI}description": Text.unknown(Unknown.RUN, "the description of the repository"),
        f"{_OCI}url": address,
        f"{_OCI}source": address,
        f"{_OCI}version": version,
        f"{_OCI}created": Text.known(event.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
        f"{_OCI}revision": event.sha,
        f"{_OCI}licenses": Text.unknown(Unknown.RUN, "the license of the repository"),
    }
    for line in extra:
        said = filled_in(line, everywhere(event))
        at = said.flat.find("=")
        if at >= 0:
            found[said[:at].flat] = said[at + 1 :]
    return dict(sorted(found.items(), key=lambda each: (each[0].lower(), each[0])))


def as_lines(labels: Mapping[str, Text], before: str = "") -> list[Text]:
    return [Text.known(f"{before}{key}=") + value for key, value in labels.items()]


def as_json(values: Mapping[str, Text] | Iterable[Text]) -> Text:
    if isinstance(values, Mapping):
        pairs = (Text.known(json.dumps(key, ensure_ascii=False) + ":") + _quoted(each) for key, each in values.items())
        return Text.known("{") + Text.joined(pairs, ",") + Text.known("}")
    return Text.known("[") + Text.joined((_quoted(each) for each in values), ",") + Text.known("]")


def _quoted(text: Text) -> Text:
    inside = text.mapped(lambda known: json.dumps(known, ensure_ascii=False)[1:-1])
    return Text.known('"') + inside + Text.known('"')
