"""Mappings laid over each other, as GitLab does with files that include others and with jobs that extend others.

Mappings become one, entry by entry; everything else that stands above hides what stands below.
"""

from wharf.formats.yaml.tree import Entry, Map


def laid_over(below: Map, above: Map) -> Map:
    entries = {entry.key.text.flat: entry for entry in below}
    for entry in above:
        name = entry.key.text.flat
        under = entries[name].value if name in entries else None
        if isinstance(under, Map) and isinstance(entry.value, Map):
            entries[name] = Entry(entry.key, laid_over(under, entry.value))
        else:
            entries[name] = entry
    return Map(tuple(entries.values()), above.span, above.tag)


def without(map_: Map, *names: str) -> Map:
    return Map(tuple(entry for entry in map_ if entry.key.text.flat not in names), map_.span, map_.tag)


def only(map_: Map, names: frozenset[str]) -> Map:
    return Map(tuple(entry for entry in map_ if entry.key.text.flat in names), map_.span, map_.tag)
