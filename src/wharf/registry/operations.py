"""The API put together: the use cases, and the operations that they are asked through."""

from dataclasses import dataclass

from wharf.content.reserve import Reserve
from wharf.metadata.store import MetadataStore
from wharf.registry.http.api.accounts import AccountsApi
from wharf.registry.http.api.audit import AuditApi
from wharf.registry.http.api.github_root import GitHubRoot
from wharf.registry.http.api.identities import IdentitiesApi
from wharf.registry.http.api.me import MeApi
from wharf.registry.http.api.members import MembersApi
from wharf.registry.http.api.openapi import OpenApi
from wharf.registry.http.api.operation import Operation
from wharf.registry.http.api.organisation_services import OrganisationServicesApi
from wharf.registry.http.api.organisations import OrganisationsApi
from wharf.registry.http.api.own_packages import OwnPackagesApi
from wharf.registry.http.api.packages import PackagesApi
from wharf.registry.http.api.quotas import QuotasApi
from wharf.registry.http.api.retention import RetentionApi
from wharf.registry.http.api.rules import RulesApi
from wharf.registry.http.api.signing_keys import SigningKeysApi
from wharf.registry.http.api.standing import StandingApi
from wharf.registry.http.api.statistics import StatisticsApi
from wharf.registry.http.api.tokens import TokensApi
from wharf.registry.http.api.versions import VersionsApi
from wharf.registry.http.api.webhooks import WebhooksApi
from wharf.registry.services.access import Gate
from wharf.registry.services.accounts.accounts import Users
from wharf.registry.services.accounts.organisations import Organisations
from wharf.registry.services.accounts.personal_tokens import PersonalTokens
from wharf.registry.services.audit_log import AuditLog
from wharf.registry.services.clock import Clock
from wharf.registry.services.identity.exchange import Exchange
from wharf.registry.services.identity.identity_rules import IdentityRules
from wharf.registry.services.identity.issuers import DocumentsOverHttp, Issuers
from wharf.registry.services.identity.key_rotation import KeyRotation
from wharf.registry.services.identity.password_login import PasswordLogin
from wharf.registry.services.identity.passwords import Passwords
from wharf.registry.services.more_room import RoomyStore
from wharf.registry.services.packages.cleaning import Cleaning
from wharf.registry.services.packages.history import PackageHistory
from wharf.registry.services.packages.packages import Packages
from wharf.registry.services.packages.versions import PackageVersions
from wharf.registry.services.rules.rulebook import Rulebook
from wharf.registry.services.statistics.counting import Counting
from wharf.registry.services.statistics.statistics import Statistics
from wharf.registry.services.webhooks.reach import Reach
from wharf.registry.services.webhooks.webhooks import WebhookAffairs
from wharf.registry.settings import Settings


@dataclass(frozen=True, slots=True)
class Ground:
    """What all use cases stand on."""

    metadata: MetadataStore
    gate: Gate
    clock: Clock
    passwords: Passwords
    settings: Settings
    counting: Counting


def operations(ground: Ground) -> tuple[Operation, ...]:
    rows = (
        *MeApi(ground.metadata).operations(),
        *_statistics(ground).operations(),
        *StandingApi(ground.metadata).operations(),
        *_identities(ground).operations(),
        *SigningKeysApi(KeyRotation(_roomy(ground), ground.gate, ground.clock)).operations(),
        *_of_accounts(ground),
        *_of_packages(ground),
        *_of_rules(ground),
        *AuditApi(AuditLog(ground.metadata, ground.gate)).operations(),
        *_webhooks(ground).operations(),
    )
    return (*rows, *OpenApi(rows).operations())


def _statistics(ground: Ground) -> StatisticsApi:
    return StatisticsApi(Statistics(ground.metadata, ground.gate, ground.clock, ground.counting))


def _webhooks(ground: Ground) -> WebhooksApi:
    of_owners = Reach.of_owners(ground.settings.webhook_networks)
    return WebhooksApi(WebhookAffairs(_roomy(ground), ground.gate, ground.clock, of_owners))


def _of_rules(ground: Ground) -> tuple[Operation, ...]:
    parts = (_roomy(ground), ground.gate, ground.clock)
    rulebook = Rulebook(*parts)
    return (
        *RulesApi(rulebook).operations(),
        *RetentionApi(Cleaning(*parts)).operations(),
        *QuotasApi(rulebook).operations(),
    )


def _of_packages(ground: Ground) -> tuple[Operation, ...]:
    parts = (_roomy(ground), ground.gate, ground.clock, ground.settings.keep_deleted)
    packages, versions = Packages(*parts), PackageVersions(*parts)
    return (
        *GitHubRoot(ground.metadata, ground.clock).operations(),
        *PackagesApi(packages).operations(),
        *VersionsApi(packages, versions).operations(),
        *OwnPackagesApi(packages, PackageHistory(ground.metadata, ground.gate)).operations(),
    )


def _of_accounts(ground: Ground) -> tuple[Operation, ...]:
    metadata = _roomy(ground)
    logins = PasswordLogin(metadata, ground.passwords, ground.clock)
    users = Users(metadata, ground.gate, ground.clock, ground.passwords, logins)
    organisations = Organisations(metadata, ground.gate, ground.clock)
    tokens = PersonalTokens(metadata, ground.gate, ground.clock, ground.settings.token_age)
    return (
        *AccountsApi(users).operations(),
        *OrganisationsApi(organisations).operations(),
        *MembersApi(organisations).operations(),
        *OrganisationServicesApi(organisations).operations(),
        *TokensApi(tokens, ground.clock).operations(),
    )


def _identities(ground: Ground) -> IdentitiesApi:
    metadata = _roomy(ground)
    exchange = Exchange(metadata, Issuers(DocumentsOverHttp(), ground.clock), ground.clock)
    return IdentitiesApi(IdentityRules(metadata, ground.gate, ground.clock), exchange)


def _roomy(ground: Ground) -> MetadataStore:
    return RoomyStore(ground.metadata, Reserve(ground.settings.data).given_up)
