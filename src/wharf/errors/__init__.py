"""What can go wrong on the way of an image, as one tree.

Every error carries its facts as attributes and can speak to a person: `diagnostics()` gives the cause, the
evidence for it and the next step. Rooms raise these and nothing else; the server turns them into wire errors in
one table (registry/http/errors.py), the command line into text and an exit code.

    WharfError
    ├── Malformed                what was given cannot be read
    │   ├── MalformedDigest
    │   ├── MalformedName
    │   ├── MalformedTag
    │   ├── MalformedReference
    │   ├── MalformedPlatform
    │   ├── MalformedJson
    │   ├── MalformedManifest
    │   │   └── Schema1Refused
    │   ├── MalformedConfig
    │   ├── MalformedQuery
    │   ├── MalformedHeader
    │   ├── MalformedArchive
    │   ├── MalformedPlace
    │   ├── MalformedFile
    │   ├── UnreadableFile
    │   ├── MalformedLogin
    │   ├── MalformedChoice
    │   ├── MalformedPattern
    │   └── MalformedField
    ├── NotThere                 what was asked for is not here
    │   ├── RepositoryUnknown
    │   ├── ManifestUnknown
    │   ├── BlobUnknown
    │   ├── UploadUnknown
    │   ├── NoSuchAddress
    │   ├── ImageNotThere
    │   ├── PlatformNotThere
    │   ├── FileNotThere
    │   └── EntryUnknown
    ├── Untrue                   what arrived is not what was announced
    │   ├── DigestMismatch
    │   ├── SizeMismatch
    │   ├── ChunkOutOfOrder
    │   ├── RangeNotSatisfiable
    │   ├── ClientStopped
    │   ├── PartsMissing
    │   └── ImageBroken
    ├── Refused                  it could be done, and may not
    │   ├── NotAuthenticated
    │   ├── CredentialRefused
    │   ├── GrantMissing
    │   ├── Denied
    │   ├── TooManyAttempts
    │   ├── AlreadyThere
    │   ├── TagImmutable
    │   ├── QuotaExceeded
    │   ├── PartOfImage
    │   ├── LastVersion
    │   ├── CannotRestore
    │   ├── StillNeeded
    │   ├── TooLarge
    │   ├── TooMany
    │   ├── TooBusy
    │   ├── NotSupported
    │   └── StillInUse
    ├── StoreProblem             the place where bytes lie does not do its part
    │   ├── StoreFull
    │   ├── StoreBusy
    │   └── StoreTooNew
    ├── RemoteProblem            a registry elsewhere, or the way to it, does not do its part
    │   ├── Unreachable
    │   ├── TlsRefused
    │   ├── PlainHttp
    │   ├── RemoteAnswered
    │   │   ├── RemoteUnauthenticated
    │   │   ├── RemoteDenied
    │   │   └── RateLimited
    │   └── RemoteMisbehaved
    ├── CredentialProblem        a credential on this machine cannot be read, kept or used
    │   ├── CredentialFileRefused
    │   ├── HelperFailed
    │   └── LoginImpossible
    ├── EngineProblem            a Docker Engine does not do its part
    │   ├── EngineUnreachable
    │   └── EngineRefused
    └── Misconfigured            wharf was told something that cannot be
        ├── SettingRefused
        ├── AddressTaken
        └── StartFailed
"""

# In the order of the drawing.
# isort: off
from wharf.errors.root import (
    Diagnostics,
    WharfError,
    counted,
    harmless,
    shown,
)
from wharf.errors.malformed import (
    Malformed,
    MalformedDigest,
    MalformedName,
    MalformedTag,
    MalformedReference,
    MalformedPlatform,
    MalformedJson,
    MalformedManifest,
    Schema1Refused,
    MalformedConfig,
    MalformedQuery,
    MalformedHeader,
    MalformedArchive,
    MalformedPlace,
    MalformedFile,
    UnreadableFile,
    MalformedLogin,
    MalformedChoice,
    MalformedPattern,
    MalformedField,
)
from wharf.errors.not_there import (
    NotThere,
    RepositoryUnknown,
    ManifestUnknown,
    BlobUnknown,
    UploadUnknown,
    NoSuchAddress,
    ImageNotThere,
    PlatformNotThere,
    FileNotThere,
    EntryUnknown,
)
from wharf.errors.untrue import (
    Untrue,
    DigestMismatch,
    SizeMismatch,
    ChunkOutOfOrder,
    RangeNotSatisfiable,
    ClientStopped,
    PartsMissing,
    ImageBroken,
)
from wharf.errors.refused import (
    Refused,
    NotAuthenticated,
    CredentialRefused,
    GrantMissing,
    Denied,
    TooManyAttempts,
    AlreadyThere,
    TagImmutable,
    QuotaExceeded,
    PartOfImage,
    LastVersion,
    CannotRestore,
    TooLarge,
    TooMany,
    TooBusy,
    NotSupported,
    StillInUse,
    StillNeeded,
)
from wharf.errors.store import (
    StoreProblem,
    StoreFull,
    StoreBusy,
    StoreTooNew,
)
from wharf.errors.remote import (
    RemoteProblem,
    Unreachable,
    TlsRefused,
    PlainHttp,
    RemoteAnswered,
    RemoteUnauthenticated,
    RemoteDenied,
    RateLimited,
    RemoteMisbehaved,
)
from wharf.errors.credentials import (
    CredentialProblem,
    CredentialFileRefused,
    HelperFailed,
    LoginImpossible,
)
from wharf.errors.engine import (
    EngineProblem,
    EngineUnreachable,
    EngineRefused,
)
from wharf.errors.misconfigured import (
    Misconfigured,
    SettingRefused,
    AddressTaken,
    StartFailed,
)

# isort: on

__all__ = [
    "AddressTaken",
    "AlreadyThere",
    "BlobUnknown",
    "CannotRestore",
    "ChunkOutOfOrder",
    "ClientStopped",
    "CredentialFileRefused",
    "CredentialProblem",
    "CredentialRefused",
    "Denied",
    "Diagnostics",
    "DigestMismatch",
    "EngineProblem",
    "EngineRefused",
    "EngineUnreachable",
    "EntryUnknown",
    "FileNotThere",
    "GrantMissing",
    "HelperFailed",
    "ImageBroken",
    "ImageNotThere",
    "LastVersion",
    "LoginImpossible",
    "Malformed",
    "MalformedArchive",
    "MalformedChoice",
    "MalformedConfig",
    "MalformedDigest",
    "MalformedField",
    "MalformedFile",
    "MalformedHeader",
    "MalformedJson",
    "MalformedLogin",
    "MalformedManifest",
    "MalformedName",
    "MalformedPattern",
    "MalformedPlace",
    "MalformedPlatform",
    "MalformedQuery",
    "MalformedReference",
    "MalformedTag",
    "ManifestUnknown",
    "Misconfigured",
    "NoSuchAddress",
    "NotAuthenticated",
    "NotSupported",
    "NotThere",
    "PartOfImage",
    "PartsMissing",
    "PlainHttp",
    "PlatformNotThere",
    "QuotaExceeded",
    "RangeNotSatisfiable",
    "RateLimited",
    "Refused",
    "RemoteAnswered",
    "RemoteDenied",
    "RemoteMisbehaved",
    "RemoteProblem",
    "RemoteUnauthenticated",
    "RepositoryUnknown",
    "Schema1Refused",
    "SettingRefused",
    "SizeMismatch",
    "StartFailed",
    "StillInUse",
    "StillNeeded",
    "StoreBusy",
    "StoreFull",
    "StoreProblem",
    "StoreTooNew",
    "TagImmutable",
    "TlsRefused",
    "TooBusy",
    "TooLarge",
    "TooMany",
    "TooManyAttempts",
    "Unreachable",
    "UnreadableFile",
    "Untrue",
    "UploadUnknown",
    "WharfError",
    "counted",
    "harmless",
    "shown",
]
