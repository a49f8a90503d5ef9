"""How two images differ, told to a person in 80 columns, or to a machine as one object."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from wharf.cli.images.arrivals import short
from wharf.cli.output import Json, Output, shortened, size_in_words
from wharf.images.compare import Change, Difference, FileChange, PackageChange
from wharf.images.field_changes import FieldChange
from wharf.images.layer_files import LayerFile
from wharf.oci.descriptor import Descriptor
from wharf.oci.strict_json import JsonValue

MOST_FILES_IN_SHORT: Final = 10
_SIGNS: Final = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_VALUE_WIDTH: Final = 60


def show(output: Output, left: str, right: str, difference: Difference, *, all_files: bool) -> None:
    output.table([("-", left, short(difference.left)), ("+", right, short(difference.right))], "<<<")
    if difference.is_none:
        output.line("the same image")
        return
    _part(output, "Configuration", list(_field_lines((*difference.manifest, *difference.config))))
    _part(output, f"Layers ({len(difference.layers.shared)} shared)", _layer_lines(difference))
    if difference.packages is not None:
        _part(output, "Packages", [_package_line(change) for change in difference.packages])
    if difference.files is not None:
        _part(output, f"Files ({_counted(difference.files)})", _file_lines(difference.files, all_files=all_files))


def _part(output: Output, name: str, lines: Sequence[str]) -> None:
    """A part in which nothing differs is left away."""
    if lines:
        output.line("")
        output.heading(name)
        output.lines(f"  {line}" for line in lines)


def _field_lines(changes: Sequence[FieldChange]) -> Iterator[str]:
    for change in changes:
        if change.before is not None:
            yield f"- {change.where}: {_shown(change.before)}"
        if change.after is not None:
            yield f"+ {change.where}: {_shown(change.after)}"


def _shown(value: JsonValue) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(text, _VALUE_WIDTH)


def _layer_lines(difference: Difference) -> list[str]:
    gone = [f"- {_layer(layer)}" for layer in difference.layers.removed]
    return gone + [f"+ {_layer(layer)}" for layer in difference.layers.added]


def _layer(layer: Descriptor) -> str:
    return f"{short(layer.digest)}  {size_in_words(layer.size):>10}"


def _package_line(change: PackageChange) -> str:
    versions = " -> ".join(", ".join(each) for each in (change.before, change.after) if each)
    return f"{_SIGNS[change.change]} {change.name} {versions} ({change.kind})"


def _counted(files: Sequence[FileChange]) -> str:
    counts = Counter(change.change for change in files)
    parts = [f"{counts[kind]} {kind.value}" for kind in Change if counts[kind]]
    return f"{', '.join(parts) or 'none differ'}, {_growth(sum(change.growth for change in files))}"


def _growth(size: int) -> str:
    return f"{'-' if size < 0 else '+'}{size_in_words(abs(size))}"


def _file_lines(files: Sequence[FileChange], *, all_files: bool) -> list[str]:
    """In short: those that grew or shrank the most."""
    if all_files or len(files) <= MOST_FILES_IN_SHORT:
        return [_file_line(change) for change in files]
    most = sorted(files, key=lambda change: -abs(change.growth))[:MOST_FILES_IN_SHORT]
    rest = len(files) - len(most)
    return [*(_file_line(change) for change in most), f"… and {rest} more: --files lists all of them"]


def _file_line(change: FileChange) -> str:
    return f"{_SIGNS[change.change]} {_growth(change.growth):>11}  /{change.path}"


# --- for machines ----------------------------------------------------------------------------------------------------


def as_json(left: str, right: str, difference: Difference) -> Json:
    return {
        "left": {"reference": left, "digest": str(difference.left)},
        "right": {"reference": right, "digest": str(difference.right)},
        "same": difference.is_none,
        "manifest": [_field_as_json(change) for change in difference.manifest],
        "config": [_field_as_json(change) for change in difference.config],
        "layers": {
            "shared": [str(layer.digest) for layer in difference.layers.shared],
            "removed": [_layer_as_json(layer) for layer in difference.layers.removed],
            "added": [_layer_as_json(layer) for layer in difference.layers.added],
        },
        "packages": None if difference.packages is None else [_package_as_json(each) for each in difference.packages],
        "files": None if difference.files is None else [_file_as_json(each) for each in difference.files],
    }


def _field_as_json(change: FieldChange) -> Json:
    return {"field": change.where, "before": change.before, "after": change.after}


def _layer_as_json(layer: Descriptor) -> Json:
    return {"digest": str(layer.digest), "size": layer.size}


def _package_as_json(change: PackageChange) -> Json:
    return {
        "kind": change.kind,
        "name": change.name,
        "change": change.change.value,
        "before": list(change.before),
        "after": list(change.after),
    }


def _file_as_json(change: FileChange) -> Json:
    return {
        "path": f"/{change.path}",
        "change": change.change.value,
        "before": _side_as_json(change.before),
        "after": _side_as_json(change.after),
    }


def _side_as_json(file: LayerFile | None) -> Json:
    if file is None:
        return None
    uid, gid = file.owner
    return {"kind": file.kind.value, "size": file.size, "mode": f"{file.mode:04o}", "uid": uid, "gid": gid}
