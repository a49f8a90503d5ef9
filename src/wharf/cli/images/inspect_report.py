"""What an image is and what it is made of, told to a person in 80 columns, or to a machine as one object."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from wharf.cli.images.arrivals import short
from wharf.cli.moments import ago, moment_of
from wharf.cli.output import Json, Output, shortened, size_in_words
from wharf.errors import counted, harmless
from wharf.images.choose import is_runnable
from wharf.images.parts import unique_blobs
from wharf.images.statements import StatementKind
from wharf.images.summary import ImageSummary, Statement, Step, Summary
from wharf.oci.config import Runtime
from wharf.oci.descriptor import Descriptor
from wharf.oci.manifest import ImageIndex
from wharf.oci.media_types import is_nondistributable

_STEP_WIDTH: Final = 46
_NONE: Final = "-"
_TITLE: Final = "org.opencontainers.image.title"
_SIGNATURES: Final = frozenset(
    {StatementKind.COSIGN_SIGNATURE, StatementKind.SIGSTORE_BUNDLE, StatementKind.NOTATION_SIGNATURE}
)

Row = tuple[str, str]


def show(output: Output, called: str, summary: Summary, chosen: ImageSummary | None) -> None:
    """`chosen`: the image whose insides are told; of the others the list of platforms is enough."""
    output.heading(called)
    output.line(f"  {summary.digest}")
    output.table(list(_overview(summary)), "<<")
    if len(summary.images) > 1:
        _part(output, "Platforms", [_platform_cells(image, chosen) for image in summary.images], "<<>")
    if chosen is not None:
        _show_image(output, summary, chosen)
    if summary.statements:
        _part(output, "Said about it", [_statement_cells(each) for each in summary.statements], "<<<")
    for note in summary.notes:
        output.warn(note)


def _overview(summary: Summary) -> Iterator[Row]:
    yield "type", _kind(summary)
    yield "size", size_in_words(summary.size)
    signatures = sum(each.kind in _SIGNATURES for each in summary.statements)
    yield "signed", f"{counted(signatures, 'signature')}, not verified" if signatures else "no"
    if summary.attestations:
        yield "attested", f"{counted(len(summary.attestations), 'attestation')} of the builder"
    yield from (("note", f"{name}={text}") for name, text in summary.manifest.annotations.items())


def _kind(summary: Summary) -> str:
    if isinstance(summary.manifest, ImageIndex):
        return f"index of {counted(len(summary.images), 'image')} ({summary.manifest.media_type})"
    if not is_runnable(summary.manifest):
        return f"artifact of type {summary.manifest.artifact_type}"
    return f"image for {summary.images[0].platform or 'unknown'} ({summary.manifest.media_type})"


def _platform_cells(image: ImageSummary, chosen: ImageSummary | None) -> tuple[str, str, str]:
    mark = "  (below)" if image is chosen else ""
    return f"{image.platform or 'unknown'}{mark}", short(image.digest), size_in_words(image.size)


def _show_image(output: Output, summary: Summary, image: ImageSummary) -> None:
    if image.config is not None:
        name = f"Image for {image.platform or 'unknown'}" if len(summary.images) > 1 else "Configuration"
        above = () if image.digest == summary.digest else (str(image.digest),)
        _part(output, name, list(_config_rows(image)), "<<", above)
    size = sum(layer.size for layer in unique_blobs(image.layers))
    name = f"Layers ({len(image.layers)}, {size_in_words(size)}) and history"
    _part(output, name, list(_step_rows(image.steps, tells_types=image.config is None)), "><><")


def _config_rows(image: ImageSummary) -> Iterator[Row]:
    config = image.config
    assert config is not None  # asked by the caller
    moment = moment_of(config.created)
    if moment is not None:
        yield "created", f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {ago(moment, datetime.now(UTC))}"
    if config.author:
        yield "author", config.author
    yield from _runtime_rows(config.runtime)


def _runtime_rows(runtime: Runtime) -> Iterator[Row]:
    single = (
        ("entrypoint", _words(runtime.entrypoint)),
        ("command", _words(runtime.cmd)),
        ("user", runtime.user),
        ("folder", runtime.working_dir),
        ("ports", ", ".join(runtime.exposed_ports)),
        ("volumes", ", ".join(runtime.volumes)),
        ("stops at", runtime.stop_signal),
    )
    yield from (row for row in single if row[1])
    yield from (("env", variable) for variable in runtime.env)
    yield from (("label", f"{name}={text}") for name, text in runtime.labels.items())


def _words(words: Sequence[str]) -> str:
    """As a Dockerfile writes them: where one word ends and the next begins counts."""
    return json.dumps(list(words), ensure_ascii=False) if words else ""


def _step_rows(steps: Sequence[Step], *, tells_types: bool) -> Iterator[tuple[str, str, str, str]]:
    """Nobody built the layers of an artifact in steps; they are files with a name, or at least a type."""
    number = 0
    for step in steps:
        number += step.layer is not None
        cells = (str(number), short(step.layer.digest), _size(step.layer)) if step.layer else (_NONE, "", _NONE)
        words = step.entry.created_by
        if tells_types and step.layer is not None:
            words = step.layer.annotations.get(_TITLE) or step.layer.media_type
        yield (*cells, shortened(harmless(" ".join(words.split())), _STEP_WIDTH))


def _size(layer: Descriptor) -> str:
    return f"{size_in_words(layer.size)}{' elsewhere' if is_nondistributable(layer.media_type) else ''}"


def _statement_cells(statement: Statement) -> tuple[str, str, str]:
    kind = statement.kind.value
    shown_type = statement.artifact_type if statement.kind is StatementKind.OTHER else ""
    return kind, short(statement.digest), shown_type or f"of {short(statement.subject)}"


def _part(output: Output, name: str, rows: Sequence[Sequence[str]], sides: str, above: Sequence[str] = ()) -> None:
    if not (rows or above):
        return
    output.line("")
    output.heading(name)
    output.lines(f"  {line}" for line in above)
    if rows:
        output.table(rows, sides)


# --- for machines ----------------------------------------------------------------------------------------------------


def as_json(called: str, summary: Summary, images: Sequence[ImageSummary]) -> Json:
    return {
        "reference": called,
        "digest": str(summary.digest),
        "mediaType": summary.manifest.media_type,
        "artifactType": summary.manifest.artifact_type,
        "size": summary.size,
        "platforms": [str(platform) for platform in summary.platforms],
        "annotations": dict(summary.manifest.annotations),
        "images": [_image_as_json(image) for image in images],
        "attestations": [str(entry.digest) for entry in summary.attestations],
        "referrers": [_statement_as_json(statement) for statement in summary.statements],
        "notes": list(summary.notes),
    }


def _image_as_json(image: ImageSummary) -> Json:
    config = image.config
    return {
        "digest": str(image.digest),
        "mediaType": image.manifest.media_type,
        "platform": str(image.platform) if image.platform else None,
        "size": image.size,
        "created": config.created or None if config else None,
        "author": config.author or None if config else None,
        "configDigest": str(image.manifest.config.digest),
        "config": _runtime_as_json(config.runtime) if config else None,
        "layers": [_layer_as_json(layer) for layer in image.layers],
        "diffIds": [str(digest) for digest in config.diff_ids] if config else [],
        "history": [_step_as_json(step) for step in image.steps],
    }


def _runtime_as_json(runtime: Runtime) -> Json:
    return {
        "entrypoint": list(runtime.entrypoint),
        "cmd": list(runtime.cmd),
        "user": runtime.user,
        "workingDir": runtime.working_dir,
        "env": list(runtime.env),
        "exposedPorts": list(runtime.exposed_ports),
        "volumes": list(runtime.volumes),
        "labels": dict(runtime.labels),
        "stopSignal": runtime.stop_signal,
    }


def _layer_as_json(layer: Descriptor) -> Json:
    return {"digest": str(layer.digest), "size": layer.size, "mediaType": layer.media_type}


def _step_as_json(step: Step) -> Json:
    return {
        "createdBy": step.entry.created_by,
        "created": step.entry.created,
        "comment": step.entry.comment,
        "layer": str(step.layer.digest) if step.layer else None,
        "size": step.layer.size if step.layer else 0,
    }


def _statement_as_json(statement: Statement) -> Json:
    return {
        "kind": statement.kind.value,
        "artifactType": statement.artifact_type,
        "digest": str(statement.digest),
        "subject": str(statement.subject),
        "annotations": dict(statement.annotations),
        "tag": str(statement.tag) if statement.tag else None,
    }
