"""What was given cannot be read."""

from collections.abc import Sequence

from wharf.errors.root import WharfError, shown


class Malformed(WharfError):
    """Text or bytes that do not follow their grammar; `where` points into them."""

    code = "malformed"

    def __init__(self, text: str, reason: str, *, where: str = "", next_step: str = "") -> None:
        self.text = text
        self.reason = reason
        self.where = where
        evidence = [f"given: {shown(text)}"] if text else []
        evidence += [f"at: {where}"] if where else []
        super().__init__(reason, evidence=evidence, next_step=next_step)


class MalformedDigest(Malformed):
    code = "malformed-digest"


class MalformedName(Malformed):
    code = "malformed-name"


class MalformedTag(Malformed):
    code = "malformed-tag"


class MalformedReference(Malformed):
    code = "malformed-reference"


class MalformedPlatform(Malformed):
    code = "malformed-platform"


class MalformedJson(Malformed):
    code = "malformed-json"


class MalformedManifest(Malformed):
    code = "malformed-manifest"


class Schema1Refused(MalformedManifest):
    """Docker's image manifest of 2014, which Docker itself no longer reads."""

    code = "schema1-refused"

    def __init__(self, media_type: str) -> None:
        super().__init__(
            media_type,
            "Docker schema 1 manifests are not accepted",
            next_step="push with Docker 1.10 or newer, or convert: skopeo copy --format v2s2 SOURCE TARGET",
        )


class MalformedConfig(Malformed):
    code = "malformed-config"


class MalformedQuery(Malformed):
    code = "malformed-query"


class MalformedHeader(Malformed):
    code = "malformed-header"


class MalformedArchive(Malformed):
    """A tar file, or a folder, that is not the image it is said to be."""

    code = "malformed-archive"


class MalformedPlace(Malformed):
    """`oci:DIR`, `docker-archive:FILE` and their like."""

    code = "malformed-place"


class MalformedFile(Malformed):
    """A file of a repository that cannot be read in its language from one place on."""

    code = "malformed-file"

    def __init__(self, file: str, line: int, column: int, problem: str) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        super().__init__(
            "",
            f"{shown(file)} cannot be read: {shown(problem)}",
            where=f"{shown(file)}:{line}:{column}",
            next_step="correct the file at that place",
        )


class UnreadableFile(Malformed):
    """There is a file, and it is not one to be read: no text, too large, a link that leads elsewhere."""

    code = "unreadable-file"

    def __init__(self, file: str, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(
            "",
            f"{shown(file)} is not read: {shown(problem)}",
            next_step="look whether this file is what it is said to be",
        )


class MalformedLogin(Malformed):
    code = "malformed-login"

    def __init__(self, text: str) -> None:
        super().__init__(
            text,
            "it cannot be the name of an account",
            next_step="write lower-case letters and digits, with single dots, underscores or dashes between them",
        )


class MalformedChoice(Malformed):
    """One of a few words was wanted."""

    code = "malformed-choice"

    def __init__(self, what: str, text: str, choices: Sequence[str]) -> None:
        super().__init__(text, f"there is no {what} {shown(text)}", next_step=f"write one of: {', '.join(choices)}")


class MalformedPattern(Malformed):
    code = "malformed-pattern"


class MalformedField(Malformed):
    """A part of what was sent to the API is missing, or cannot be."""

    code = "malformed-field"
