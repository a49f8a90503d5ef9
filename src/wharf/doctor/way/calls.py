"""Commands whose images stand in files: compose files, manifests, the values of charts, Kamal's configuration.

What reads them is loaded when it is needed: most commands need none of it.
"""

from collections.abc import Iterator
from dataclasses import replace

from wharf.doctor.way.deed import BakeCall, ChartCall, ComposeCall, Deed, Doing, ManifestCall
from wharf.doctor.way.laid_files import LaidFiles, normal
from wharf.doctor.way.places import place_of
from wharf.doctor.way.reference import Asked
from wharf.doctor.way.tools.kamal import KamalCall
from wharf.errors import FileNotThere, MalformedFile, UnreadableFile
from wharf.formats.event import Event
from wharf.formats.shell.ran import Ran
from wharf.formats.text import Text

Call = ComposeCall | ManifestCall | ChartCall | BakeCall | KamalCall


class Calls:
    def __init__(self, files: LaidFiles, event: Event) -> None:
        self._files = files
        self._event = event

    def of(self, act: Call, ran: Ran) -> tuple[Deed | Asked, ...]:
        """Nothing, where the files cannot be read; somebody else says so."""
        try:
            return tuple(self._of(act, ran))
        except (FileNotThere, MalformedFile, UnreadableFile):
            return ()

    def _of(self, act: Call, ran: Ran) -> Iterator[Deed | Asked]:
        if isinstance(act, ComposeCall):
            from wharf.doctor.way.compose_calls import composed  # noqa: PLC0415 - start-up time

            yield from composed(act, ran, self._files)
        elif isinstance(act, BakeCall):
            from wharf.doctor.way.bake_calls import baked  # noqa: PLC0415 - start-up time

            yield from baked(act, ran, self._files.seen(ran.host))
        elif isinstance(act, ManifestCall):
            yield from self._manifests(act, ran)
        elif isinstance(act, ChartCall):
            from wharf.doctor.way.charts import chart_image  # noqa: PLC0415 - start-up time

            image = chart_image(act, ran.folder, self._files.seen(ran.host))
            yield from [Asked(image, place_of(image, ran.span), "helm")] if image is not None else []
        else:
            yield from self._kamal(act, ran)

    def _manifests(self, call: ManifestCall, ran: Ran) -> Iterator[Asked]:
        """Only those that were changed on the way; the others stand in the repository as they are asked for."""
        for file in () if call.is_kustomization else call.files:
            if file.flat == "-" and ran.stdin is not None:
                yield from self._asked(ran.stdin)
                continue
            path = normal(ran.folder, file.flat)
            for content, is_first in self._files.below(path, ran.host):
                yield from (replace(asked, is_fallback=not is_first) for asked in self._asked(content))

    def _asked(self, content: Text) -> Iterator[Asked]:
        from wharf.doctor.way.manifests import manifest_images  # noqa: PLC0415 - start-up time

        for image in manifest_images(content):
            if (span := image.span) is not None:
                yield Asked(image, span, "kubernetes")

    def _kamal(self, call: KamalCall, ran: Ran) -> Iterator[Deed | Asked]:
        from wharf.doctor.way.kamal_config import kamal_image  # noqa: PLC0415 - start-up time

        version = call.version or ran.environment.get("VERSION") or Text.known(self._event.sha)
        repository = kamal_image(self._files.seen(ran.host).read(normal(ran.folder, call.file.flat)))
        if repository is None:
            return
        reference = repository + Text.known(":") + version
        if call.pushes:
            latest = f"latest-{call.destination.flat}" if call.destination else "latest"
            yield Deed(Doing.PUSHES, reference, "kamal")
            yield Deed(Doing.PUSHES, repository + Text.known(f":{latest}"), "kamal")
        if call.asks:
            yield Deed(Doing.ASKS, reference, "kamal")
