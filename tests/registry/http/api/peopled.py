"""A registry with somebody of each kind in it, packages that are private and public, and a copy of it for each change.

`crew` is an organisation, with an account for each role, named after it. `crew/app` is private and `crew/open` public;
`owner` is a person too, with `owner/app` and `owner/open`. A `stranger` has an account, and nothing else.
"""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

import jsonschema_rs

from wharf.access.limits import NO_LIMITS, Limits, parse_limits
from wharf.access.login import Login
from wharf.access.permission import ALL, Permission
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.content.memory import MemoryContent
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountId, AccountKind, Moment, NewAccount, NewToken
from wharf.oci.digest import Digest
from wharf.oci.reference import RepositoryName
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import Answer, InProcessRegistry

NOW: Final = Moment(1_700_000_000_000)
_DAY: Final = 86_400_000
ADMINISTRATOR: Final = "administrator"
CALLERS: Final = (
    "anonymous",
    "reader",
    "writer",
    "maintainer",
    "owner",
    ADMINISTRATOR,
    "stranger",
    "expired",
    "revoked",
    "read-only",
    "delete-only",
    "elsewhere",
)
_BUILDS: Final = {
    "label": "known",
    "issuer": "https://ci.example",
    "audience": "registry",
    "subject": "repo:crew/*",
    "account": "crew+ci",
    "scopes": ["read:packages"],
}
_ROLES: Final = {role.value: role for role in Role}
PACKAGES: Final = ("crew/app", "crew/open", "owner/app", "owner/open")


class PeopledRegistry:
    """One registry that is asked, and put back as it was after whatever changed it."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template"
        self._folder = folder / "copy"
        self._template.mkdir(parents=True)
        self._content = MemoryContent(lambda: NOW / 1000)
        self.secrets: dict[str, str] = {}
        with self._opened(self._template) as registry:
            asyncio.run(registry.metadata.write(self._people))
            registry.authorization = f"Bearer {self.secrets[ADMINISTRATOR]}"
            self._values = stocked(registry)
        self._registry = self._copy()
        self._document = self.ask("anonymous", "GET", f"{OWN}/openapi.json").json()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._registry.__exit__()

    def ask(
        self, caller: str, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Whatever it changes is as it was before the next question."""
        return self.ask_with(self.secrets.get(caller, ""), method, target, body, headers)

    def docker_token(self, caller: str, scope: str) -> str:
        answer = self.ask(caller, "GET", f"/token?service=localhost&scope={scope}")
        return str(answer.json()["token"]) if answer.status == 200 else ""

    def ask_with(
        self, secret: str, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        with self._registry.acting(f"Bearer {secret}" if secret else ""):
            answer = self._registry.request(method, target, body, headers)
        if answer.status < 300 and method not in {"GET", "HEAD"}:
            self._begin_anew()
        return answer

    def _begin_anew(self) -> None:
        self._registry.__exit__()
        shutil.rmtree(self._folder)
        self._registry = self._copy()

    def begun_upload(self, name: str) -> str:
        answer = self.ask(ADMINISTRATOR, "POST", f"/v2/{name}/blobs/uploads/")
        return answer.headers["location"]

    def words(self, owner: str, package: str) -> dict[str, str]:
        """What stands for the parts of an address in a row."""
        return dict(self._values[f"{owner}/{package}"])

    def example_paths(self) -> list[str]:
        """One for each kind of address below /v2/."""
        words = self.words("crew", "app")
        here, digest = f"/v2/{words['repository']}", words["digest"]
        upload = self.begun_upload(words["repository"])
        places = ("tags/list", "manifests/1.0", f"blobs/{digest}", f"referrers/{digest}", "blobs/uploads/")
        return ["/v2/", "/v2/_catalog", upload, *(f"{here}/{place}" for place in places)]

    def operations(self) -> dict[str, tuple[str, str]]:
        """All that the API can do, by its id: method and address, as its own document tells them."""
        return {name: (method.upper(), path) for name, method, path, _ in self._described()}

    def check(self, of: str, answer: Answer) -> None:
        """That an answer is one that the document promises."""
        content = self._row(of)["responses"][str(answer.status)].get("content")
        if content is None:
            assert answer.body == b""
        else:
            schema = {**content["application/json"]["schema"], "components": self._document["components"]}
            jsonschema_rs.validate(schema, answer.json(), validate_formats=True)

    def statuses(self, of: str) -> set[int]:
        """All that the document says may be answered."""
        return {int(status) for status in self._row(of)["responses"]}

    def examples(self) -> dict[str, object]:
        """Of bodies, by the operation that takes them; None where there is a body and no example of it."""
        bodies = {name: described.get("requestBody") for name, _, _, described in self._described()}
        return {name: body["content"]["application/json"].get("example") for name, body in bodies.items() if body}

    def _row(self, of: str) -> dict[str, Any]:
        return next(described for name, _, _, described in self._described() if name == of)

    def _described(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for path, methods in self._document["paths"].items():
            for method, described in methods.items():
                yield described["operationId"], method, path, described

    def _copy(self) -> InProcessRegistry:
        shutil.copytree(self._template, self._folder)
        return self._opened(self._folder)

    def _opened(self, folder: Path) -> InProcessRegistry:
        """Bytes are only ever added to what is there, so all copies have one place for them."""
        return InProcessRegistry(folder, clock=lambda: NOW, content=self._content, settings={"open": "false"})

    def _people(self, ledger: Ledger) -> None:
        organisations = [_added(ledger, name, AccountKind.ORGANISATION) for name in ("crew", "spare")]
        _added(ledger, "leaver", AccountKind.USER)
        for name in ("reader", "writer", "maintainer", "owner", "stranger", ADMINISTRATOR):
            account = _added(ledger, name, AccountKind.USER)
            if name in _ROLES:
                for organisation in organisations:
                    ledger.accounts.set_role(organisation, account, _ROLES[name], NOW)
            self.secrets[name] = _token(ledger, account, name)
        owner = _found(ledger, "owner")
        self._lesser_tokens(ledger, owner)
        ledger.accounts.set_administrator(_found(ledger, ADMINISTRATOR), is_one=True)
        ledger.counters.access_changed()

    def _lesser_tokens(self, ledger: Ledger, owner: AccountId) -> None:
        """Tokens that are worth less than the one whose they are."""
        self.secrets |= {
            "expired": _token(ledger, owner, "expired", expires_at=Moment(NOW - 1)),
            "revoked": _token(ledger, owner, "revoked"),
            "read-only": _token(ledger, owner, "read-only", permissions=frozenset({Permission.READ})),
            "delete-only": _token(ledger, owner, "delete-only", permissions=frozenset({Permission.DELETE})),
            "elsewhere": _token(ledger, owner, "elsewhere", limits=parse_limits(["elsewhere/*"])),
        }
        revoked = next(token for token in ledger.tokens.of_account(owner, 0, 100) if token.label == "revoked")
        ledger.tokens.revoke(revoked.id, NOW)


def stocked(registry: InProcessRegistry) -> dict[str, dict[str, str]]:
    """Packages with something to read, delete and restore; and by package the words that stand for it in a row."""
    values = {}
    registry.request("GET", "/token")  # the key that it signs with is one for all copies
    for name in PACKAGES:
        digest = registry.push_image(name, "1.0", name.encode())
        registry.push_image(name, "2.0", b"another" + name.encode())
        loose = registry.push_blob(name, b"loose" + name.encode())
        layer = Digest.of(name.encode())
        owner, _, package = name.partition("/")
        values[name] = {
            "host": "localhost",
            "name": name.replace("/", "%2F"),
            "repository": name,
            "owner": owner,
            "package": package,
            "digest": str(digest),
            "loose": str(loose),
            "layer": str(layer),
            "manifest": json.dumps({**registry.image(name), "annotations": {"it.is": "new"}}),
            **_versions(registry, name),
        }
    for name in ("crew/open", "owner/open", "crew/open-gone", "owner/open-gone"):
        asyncio.run(registry.metadata.write(_made_public(name)))
    decided = _decided(registry)
    return {name: words | decided for name, words in values.items()}


def _decided(registry: InProcessRegistry) -> dict[str, str]:
    """What was made through the API, and has a number by which it is changed or ended."""

    def made(path: str, body: Mapping[str, object]) -> dict[str, Any]:
        answer = registry.request("POST", OWN + path, json.dumps(body).encode())
        assert answer.status == 201, answer
        return dict(answer.json())

    made("/orgs/crew/services", {"name": "ci", "role": "writer"})
    hook = str(made("/owners/crew/webhooks", {"url": "http://127.0.0.1:9/hook", "events": ["*"]})["id"])
    return {
        "org": "crew",
        "spare": "spare",
        "rule_id": str(made("/owners/crew/rules", {"kind": "immutable", "tags": ["v*"]})["id"]),
        "id": str(made("/tokens", {"scopes": ["read:packages"], "account": "owner"})["id"]),
        "identity_rule": str(made("/identity-rules", _BUILDS)["id"]),
        "webhook_id": hook,
        "delivery_id": _delivery(registry, hook),
        "own_rule": str(made("/owners/-/rules", {"kind": "immutable", "tags": ["v*"]})["id"]),
    }


def _versions(registry: InProcessRegistry, name: str) -> dict[str, str]:
    """One that lives and one that was deleted, and a package that was deleted as a whole."""
    owner, _, package = name.partition("/")
    here = f"/api/v3/{'orgs' if owner == 'crew' else 'users'}/{owner}/packages/container"

    def gone(path: str) -> None:
        assert registry.request("DELETE", f"{here}/{path}").status == 204

    registry.push_image(name, "0.1", b"to be deleted" + name.encode())
    registry.push_image(f"{name}-gone", "1.0", b"gone" + name.encode())
    gone(f"{package}-gone")
    found = registry.request("GET", f"{here}/{package}/versions").json()
    by_tag = {version["metadata"]["container"]["tags"][0]: str(version["id"]) for version in found}
    gone(f"{package}/versions/{by_tag['0.1']}")
    return {"version": by_tag["1.0"], "deleted": by_tag["0.1"], "gone": f"{package}-gone"}


def _delivery(registry: InProcessRegistry, hook: str) -> str:
    registry.push_image("crew/app", "2.1", b"told of")
    found = registry.request("GET", f"{OWN}/owners/crew/webhooks/{hook}/deliveries").json()
    return str(found[0]["id"])


def _made_public(name: str) -> Callable[[Ledger], None]:
    def change(ledger: Ledger) -> None:
        ledger.repositories.set_public(ledger.repositories.ensure(RepositoryName(name), NOW), is_public=True)
        ledger.counters.access_changed()

    return change


def _added(ledger: Ledger, login: str, kind: AccountKind) -> AccountId:
    account = ledger.accounts.add(NewAccount(Login(login), kind), NOW)
    assert account is not None
    return account.id


def _found(ledger: Ledger, login: str) -> AccountId:
    account = ledger.accounts.find(Login(login))
    assert account is not None
    return account.id


def _token(
    ledger: Ledger,
    account: AccountId,
    label: str,
    permissions: frozenset[Permission] = ALL,
    expires_at: Moment = Moment(NOW + _DAY),  # noqa: B008 - a number
    limits: Limits = NO_LIMITS,
) -> str:
    secret = SecretText.new(SecretKind.PERSONAL)
    ledger.tokens.add(NewToken(account, secret, label, permissions, expires_at, limits), NOW)
    return secret.text
