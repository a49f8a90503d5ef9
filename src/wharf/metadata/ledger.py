"""The ledger: all that is known, by noun, within one conversation with the database."""

from wharf.metadata.accounts import Accounts
from wharf.metadata.audit import Audit
from wharf.metadata.blobs import Blobs
from wharf.metadata.catalogue import Catalogue
from wharf.metadata.counters import Counters
from wharf.metadata.departures import Departures
from wharf.metadata.expected_reads import ExpectedReads
from wharf.metadata.garbage import Garbage
from wharf.metadata.identities import Identities
from wharf.metadata.logins import Logins
from wharf.metadata.manifests import Manifests
from wharf.metadata.outbox import Outbox
from wharf.metadata.packages import Packages
from wharf.metadata.pulls import Pulls
from wharf.metadata.quotas import Quotas
from wharf.metadata.repositories import Repositories
from wharf.metadata.rules import Rules
from wharf.metadata.session import Session
from wharf.metadata.signing_keys import SigningKeys
from wharf.metadata.stock import Stock
from wharf.metadata.tags import Tags
from wharf.metadata.tokens import Tokens
from wharf.metadata.trash import Trash
from wharf.metadata.usage import Usage
from wharf.metadata.versions import Versions
from wharf.metadata.webhooks import Webhooks


class Ledger:
    def __init__(self, session: Session) -> None:
        self.repositories = Repositories(session)
        self.catalogue = Catalogue(session)
        self.blobs = Blobs(session)
        self.manifests = Manifests(session)
        self.tags = Tags(session)
        self.garbage = Garbage(session)
        self.versions = Versions(session)
        self.packages = Packages(session)
        self.trash = Trash(session)
        self.accounts = Accounts(session)
        self.tokens = Tokens(session)
        self.departures = Departures(session)
        self.logins = Logins(session)
        self.counters = Counters(session)
        self.signing_keys = SigningKeys(session)
        self.identities = Identities(session)
        self.audit = Audit(session)
        self.webhooks = Webhooks(session)
        self.outbox = Outbox(session)
        self.pulls = Pulls(session)
        self.expected_reads = ExpectedReads(session)
        self.usage = Usage(session)
        self.rules = Rules(session)
        self.quotas = Quotas(session)
        self.stock = Stock(session)
