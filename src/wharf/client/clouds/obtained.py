"""A credential that a cloud handed out in exchange for another proof, and until when it is good."""

from dataclasses import dataclass
from datetime import datetime

from wharf.credentials.credential import Credential


@dataclass(frozen=True, slots=True)
class Obtained:
    credential: Credential
    by: str = ""
    """How it was come by: "AWS credentials of this machine (profile work)"."""
    expires: datetime | None = None
