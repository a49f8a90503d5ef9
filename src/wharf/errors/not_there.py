"""What was asked for is not here."""

from collections.abc import Sequence
from typing import Final

from wharf.errors.root import WharfError, shown

# Where the others of their kind are shown. A client writes the registry's own name for REGISTRY.
_LISTED: Final = {
    "account": "wharf admin user list REGISTRY",
    "organisation": "wharf admin org list REGISTRY",
    "member": "wharf admin member list REGISTRY/ORGANISATION",
    "service": "wharf admin service list REGISTRY/ORGANISATION",
    "token": "wharf token list REGISTRY",
    "identity rule": "wharf admin identity list REGISTRY",
    "rule": "wharf admin rule list REGISTRY/OWNER",
    "quota": "wharf admin quota show REGISTRY/OWNER",
    "webhook": "wharf admin webhook list REGISTRY/OWNER",
    "delivery": "wharf admin webhook deliveries REGISTRY/OWNER NUMBER",
}


class NotThere(WharfError):
    code = "not-there"


class RepositoryUnknown(NotThere):
    code = "repository-unknown"

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        self.name = name
        self.nearest = tuple(nearest)
        super().__init__(
            f"no repository {shown(name)}" + (f"; the nearest is {nearest[0]}" if nearest else ""),
            evidence=[f"nearest: {', '.join(nearest)}"] if nearest else [],
            next_step=f"did you mean {nearest[0]}?" if nearest else "push an image to it first, or look at the name",
        )


class ManifestUnknown(NotThere):
    code = "manifest-unknown"

    def __init__(self, name: str, reference: str, nearest: Sequence[str] = (), age: str = "") -> None:
        """`nearest`: tags that may have been meant, best first; `age`: how long ago the first of them was pushed."""
        self.name = name
        self.reference = reference
        self.nearest = tuple(nearest)
        kind = "manifest" if ":" in reference else "tag"
        hint = f"; the nearest is {nearest[0]}" if nearest else ""
        hint += f", pushed {age}" if nearest and age else ""
        super().__init__(
            f"no {kind} {shown(reference)} in {shown(name)}{hint}",
            evidence=[f"nearest: {', '.join(nearest)}"] if nearest else [],
            next_step=f"ask for one of: {', '.join(nearest)}" if nearest else "look at the repository's tags",
        )


class BlobUnknown(NotThere):
    code = "blob-unknown"

    def __init__(self, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
        super().__init__(f"no blob {shown(digest)} in {shown(name)}", next_step="push it, or mount it from where it is")


class UploadUnknown(NotThere):
    code = "upload-unknown"

    def __init__(self, upload: str) -> None:
        self.upload = upload
        super().__init__(
            f"no upload {shown(upload)}",
            evidence=["it was finished, cancelled or has expired, or belongs to another repository"],
            next_step="start a new upload with POST",
        )


class NoSuchAddress(NotThere):
    code = "no-such-address"

    def __init__(self, path: str) -> None:
        super().__init__(
            "no such address in this registry",
            evidence=[f"asked for: {shown(path)}"],
            next_step="look at the name (lower case, no empty parts) and at what follows it: /manifests/, /blobs/, …",
        )


class ImageNotThere(NotThere):
    """A layout, an archive or an engine does not hold this image."""

    code = "image-not-there"

    def __init__(self, place: str, wanted: str, present: Sequence[str] = ()) -> None:
        self.place = place
        self.present = tuple(present)
        super().__init__(
            f"no image {shown(wanted)} in {shown(place)}" if wanted else f"{shown(place)} does not hold just one image",
            evidence=[f"it holds: {', '.join(map(shown, present))}"] if present else ["it holds no image at all"],
            next_step=f"ask for one of: {', '.join(map(shown, present))}" if present else "look at the path",
        )


class PlatformNotThere(NotThere):
    """An image of many platforms, and not of this one."""

    code = "platform-not-there"

    def __init__(self, image: str, wanted: str, present: Sequence[str]) -> None:
        self.image = image
        self.present = tuple(present)
        super().__init__(
            f"{shown(image)} has no image for {wanted}",
            evidence=[f"it has: {', '.join(present)}"],
            next_step="choose one of them with --platform, or take all: --all-platforms",
        )


class FileNotThere(NotThere):
    """A file that another file speaks of."""

    code = "file-not-there"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"there is no file {shown(path)} in this repository", next_step="look at the path")


class EntryUnknown(NotThere):
    """An account, a token, a version, a rule or a webhook that is not here, or not to be seen."""

    code = "entry-unknown"

    def __init__(self, what: str, name: str) -> None:
        self.what = what
        self.name = name
        listed = _LISTED.get(what)
        step = f"see what is there: {listed}" if listed else f"choose another {what}"
        super().__init__(f"no {what} {shown(name)}", next_step=step)
