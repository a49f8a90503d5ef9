"""Whether somebody on the way opens TLS, reads along, and shows a certificate of his own making."""

import re
from typing import NamedTuple

from wharf.doctor.reach.certificate import Certificate

_is_known_for_it = re.compile(
    r"(?i)zscaler|netskope|forti(?:gate|net)|blue ?coat|symantec web|palo ?alto|umbrella|mitmproxy|squid|"
    r"fiddler|charles proxy|burp|kaspersky|avast|avg web|eset|bitdefender|mcafee|skyhigh|trellix|sophos|checkpoint|"
    r"check point|cato net|iboss|forcepoint|websense|barracuda|watchguard|sonicwall|untangle|smoothwall|"
    r"\bproxy\b|inspection|intercept|man.in.the.middle|\bmitm\b|web ?filter|secure web gateway|ssl decrypt"
).search


class Shown(NamedTuple):
    """`straight`: what is shown on the way without the proxy, where there is one."""

    leaf: Certificate
    is_unbelieved: bool
    straight: Certificate | None = None


def is_intercepted(shown: Shown, *, through_proxy: bool, public: bool) -> bool | None:
    """None where it cannot be told: a registry of one's own may have an authority of one's own."""
    if _is_known_for_it(f"{shown.leaf.issuer.common_name} {shown.leaf.issuer.organisation}"):
        return True
    if not shown.is_unbelieved:
        return False
    if public:
        return True
    if through_proxy and shown.straight is not None:
        return shown.straight.raw != shown.leaf.raw
    return None if through_proxy else False
