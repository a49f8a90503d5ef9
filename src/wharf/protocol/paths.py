"""The paths of the distribution API, written: what a client asks for, and where a server says that something is.

They are read in `routes`.
"""

from typing import Final, TypeAlias
from urllib.parse import quote

from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName, Tag

BASE: Final = "/v2/"
CATALOG: Final = f"{BASE}_catalog"

_Name: TypeAlias = RepositoryName | str
_Digest: TypeAlias = Digest | str


def tag_list(name: _Name) -> str:
    return f"{_repository(name)}/tags/list"


def manifest(name: _Name, which: Tag | _Digest) -> str:
    return f"{_repository(name)}/manifests/{quote(str(which), safe=':')}"


def blob(name: _Name, digest: _Digest) -> str:
    return f"{_repository(name)}/blobs/{quote(str(digest), safe=':')}"


def upload_start(name: _Name) -> str:
    return f"{_repository(name)}/blobs/uploads/"


def upload(name: _Name, session: str) -> str:
    return f"{_repository(name)}/blobs/uploads/{quote(session, safe='')}"


def referrers(name: _Name, subject: _Digest) -> str:
    return f"{_repository(name)}/referrers/{quote(str(subject), safe=':')}"


def _repository(name: _Name) -> str:
    return f"{BASE}{quote(str(name))}"
