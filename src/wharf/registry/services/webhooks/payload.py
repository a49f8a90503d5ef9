"""The body of a delivery: what a receiver reads, made of the facts that were kept.

All have the members `event`, `delivery`, `happened_at`, `actor`, `owner`, `target` and `details`. What GitHub has an
event for, `package`, has GitHub's members too, so that a receiver that was written for GitHub understands it.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from wharf.metadata.outbox import DeliveryRecord
from wharf.metadata.records import AccountKind, Moment
from wharf.oci.strict_json import JsonValue
from wharf.registry.services.accounts.github_types import GITHUB_TYPES
from wharf.registry.services.clock import in_iso
from wharf.registry.services.notices import OF_PACKAGES, PING

_ECOSYSTEM: Final = "CONTAINER"
Document: TypeAlias = Mapping[str, object]


def body_of(delivery: DeliveryRecord, base: str) -> bytes:
    """`base`: the address under which clients know the registry. The same delivery has the same body each time."""
    facts: dict[str, JsonValue] = json.loads(delivery.payload)
    told = {name: value for name, value in facts.items() if name not in {"package", "happened_at"}}
    document: dict[str, object] = {
        "event": delivery.event,
        "delivery": delivery.guid,
        "happened_at": _iso(facts["happened_at"]),
        **told,
    }
    return json.dumps({**_as_github(delivery.event, facts, base), **document}, ensure_ascii=False).encode()


def headers_of(delivery: DeliveryRecord, body: bytes, secret: str) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "X-Wharf-Event": delivery.event,
        "X-Wharf-Delivery": delivery.guid,
        "X-Wharf-Webhook": str(delivery.webhook),
        "X-Hub-Signature-256": signature(body, secret),
    }
    if (event := _githubs_word(delivery.event)) is not None:
        headers |= {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Hook-ID": str(delivery.webhook),
        }
    return headers


def signature(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _githubs_word(event: str) -> str | None:
    return "package" if event in OF_PACKAGES else PING if event == PING else None


def _as_github(event: str, facts: Mapping[str, JsonValue], base: str) -> Document:
    if event == PING:
        return {"zen": "What was sent arrived.", "hook_id": _ping_id(facts)}
    package = facts.get("package")
    if event not in OF_PACKAGES or not isinstance(package, dict):
        return {}
    return {
        "action": OF_PACKAGES[event],
        "package": _package(facts, package, base),
        "repository": _repository(facts, package, base),
        **_organisation(facts, package, base),
        "sender": _account(facts["actor"], package.get("sender"), base),
    }


def _ping_id(facts: Mapping[str, JsonValue]) -> JsonValue:
    hook = facts.get("hook")
    return hook.get("id") if isinstance(hook, dict) else None


def _account(login: JsonValue, known: JsonValue, base: str) -> Document:
    """Of what is nobody's account, no more than the name that the log has for it."""
    if not isinstance(known, dict):
        return {"login": login, "type": GITHUB_TYPES[AccountKind.USER]}
    kind = AccountKind(known["kind"])
    place = "orgs" if kind is AccountKind.ORGANISATION else "users"
    shown = {"url": f"{base}/{place}/{login}", "html_url": f"{base}/{login}"}
    return {"login": login, "id": known["id"], "type": GITHUB_TYPES[kind], **shown}


def _organisation(facts: Mapping[str, JsonValue], package: Mapping[str, JsonValue], base: str) -> Document:
    owner = _account(facts["owner"], package.get("owner"), base)
    return {"organization": owner} if owner["type"] == GITHUB_TYPES[AccountKind.ORGANISATION] else {}


def _repository(facts: Mapping[str, JsonValue], package: Mapping[str, JsonValue], base: str) -> Document:
    """The image's own: where its source lies, nobody said."""
    owner, name = str(facts["owner"]), str(facts["target"])
    return {
        "id": package["id"],
        "name": name.removeprefix(f"{owner}/"),
        "full_name": name,
        "owner": _account(owner, package.get("owner"), base),
        "private": not package["is_public"],
        "visibility": _visibility(package),
        "html_url": f"{base}/{name}",
        "description": None,
        "fork": False,
        "created_at": _iso(package["created_at"]),
        "updated_at": _iso(facts["happened_at"]),
        "pushed_at": _iso(facts["happened_at"]),
    }


def _visibility(package: Mapping[str, JsonValue]) -> str:
    return "public" if package["is_public"] else "private"


def _package(facts: Mapping[str, JsonValue], package: Mapping[str, JsonValue], base: str) -> Document:
    owner, name = str(facts["owner"]), str(facts["target"])
    address = f"{base}/{name}"
    return {
        "id": package["id"],
        "name": name.removeprefix(f"{owner}/"),
        "namespace": owner,
        "description": None,
        "ecosystem": _ECOSYSTEM,
        "package_type": _ECOSYSTEM,
        "html_url": address,
        "visibility": _visibility(package),
        "created_at": _iso(package["created_at"]),
        "updated_at": _iso(facts["happened_at"]),
        "owner": _account(owner, package.get("owner"), base),
        "package_version": _version(facts, package, base),
        "registry": {"name": "wharf", "type": _ECOSYSTEM, "vendor": "wharf", "url": base, "about_url": base},
    }


def _version(facts: Mapping[str, JsonValue], package: Mapping[str, JsonValue], base: str) -> Document:
    digest, tag = str(package["digest"]), str(package["tag"])
    host, name = base.partition("://")[2], str(facts["target"])
    pulled = f"{host}/{name}:{tag}" if tag else f"{host}/{name}@{digest}"
    manifest = {"digest": digest, "media_type": package["media_type"], "size": package["size"]}
    return {
        "id": package["version"],
        "version": digest,
        "name": digest,
        "description": "",
        "summary": "",
        "html_url": f"{base}/{name}",
        "created_at": _iso(facts["happened_at"]),
        "updated_at": _iso(facts["happened_at"]),
        "metadata": [],
        "package_files": [],
        "container_metadata": {
            "labels": None,
            "manifest": manifest,
            "tag": {"name": tag, "digest": digest if tag else ""},
        },
        "package_url": pulled,
        "installation_command": f"docker pull {pulled}",
        "author": _account(facts["actor"], package.get("sender"), base),
    }


def _iso(moment: JsonValue) -> str:
    return in_iso(Moment(moment if isinstance(moment, int) else 0))
