"""What every metadata store must know of accounts, roles, tokens and logins, and never mix up."""

from pathlib import Path

from wharf.access.limits import parse_limits
from wharf.access.login import Login
from wharf.access.permission import Permission
from wharf.access.role import Role
from wharf.access.secret_text import SecretKind, SecretText
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import AccountKind, AccountRecord, NewAccount, NewToken, TokenId, TokenRecord
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.contracts.metadata_store import digest, manifest, moment, push, push_blob
from wharf.testing.contracts.store_in_folder import StoreInFolder

ALICE, BOB, CREW, CI = Login("alice"), Login("bob"), Login("crew"), Login("crew+ci")
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def add(ledger: Ledger, login: Login, kind: AccountKind = AccountKind.USER) -> AccountRecord:
    added = ledger.accounts.add(NewAccount(login, kind), moment(0))
    assert added is not None
    return added


def service(ledger: Ledger, organisation: AccountRecord) -> AccountRecord:
    added = ledger.accounts.add(NewAccount(CI, AccountKind.SERVICE, organisation=organisation.id), moment(0))
    assert added is not None
    return added


def token(
    ledger: Ledger, owner: AccountRecord, kind: SecretKind = SecretKind.PERSONAL, parent: TokenId | None = None
) -> TokenRecord:
    secret = SecretText.new(kind)
    permissions, limits = frozenset({Permission.READ, Permission.DELETE}), parse_limits(["crew/*", "crew/app"])
    new = NewToken(owner.id, secret, "laptop", permissions, moment(1000), limits, parent=parent)
    return ledger.tokens.add(new, moment(0))


class AccountsContract(StoreInFolder):
    def test_an_account_is_found_by_its_login_and_its_number(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            new = NewAccount(ALICE, AccountKind.USER, "Alice", "kept", is_administrator=True)
            added = ledger.accounts.add(new, moment(7))
            assert added is not None
            assert added == ledger.accounts.find(ALICE) == ledger.accounts.get(added.id)
            assert ("Alice", "kept", True, moment(7), moment(7)) == (
                added.display,
                added.password,
                added.is_administrator,
                added.created_at,
                added.password_changed_at,
            )
            assert ledger.accounts.find(BOB) is None

        self.written(tmp_path, change)

    def test_a_login_is_given_once_whatever_kind_it_is(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            add(ledger, CREW)
            assert ledger.accounts.add(NewAccount(CREW, AccountKind.ORGANISATION), moment(1)) is None

        self.written(tmp_path, change)

    def test_accounts_of_a_kind_come_by_login_and_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            add(ledger, CREW, AccountKind.ORGANISATION)
            for name in ("c", "a", "b"):
                add(ledger, Login(name))
            users = AccountKind.USER
            assert [str(each.login) for each in ledger.accounts.page(users, 0, 2)] == ["a", "b"]
            assert [str(each.login) for each in ledger.accounts.page(users, 2, 2)] == ["c"]
            assert ledger.accounts.count(users) == 3

        self.written(tmp_path, change)

    def test_what_an_account_is_can_be_changed(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice = add(ledger, ALICE)
            ledger.accounts.set_password(alice.id, "kept", moment(5))
            ledger.accounts.set_display(alice.id, "Alice")
            ledger.accounts.set_administrator(alice.id, is_one=True)
            assert [
                ledger.accounts.active_administrators(),
                [each.login for each in ledger.accounts.administrators()],
            ] == [1, [ALICE]]
            ledger.accounts.set_disabled(alice.id, moment(6))
            found = ledger.accounts.get(alice.id)
            assert found is not None
            assert ("Alice", "kept", moment(5), False) == (
                found.display,
                found.password,
                found.password_changed_at,
                found.is_active,
            )
            assert ledger.accounts.active_administrators() == 0

        self.written(tmp_path, change)

    def test_an_account_has_one_role_in_each_organisation(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            crew, alice = add(ledger, CREW, AccountKind.ORGANISATION), add(ledger, ALICE)
            ledger.accounts.set_role(crew.id, alice.id, Role.READER, moment(1))
            ledger.accounts.set_role(crew.id, alice.id, Role.OWNER, moment(2))
            assert dict(ledger.accounts.roles(alice.id)) == {"crew": Role.OWNER}
            assert [(each.account.login, each.role) for each in ledger.accounts.members(crew.id)] == [
                (ALICE, Role.OWNER)
            ]
            assert [(each.account.login, each.role) for each in ledger.accounts.organisations(alice.id)] == [
                (CREW, Role.OWNER)
            ]
            assert ledger.accounts.leave(crew.id, alice.id)
            assert not ledger.accounts.leave(crew.id, alice.id)
            assert ledger.accounts.role(crew.id, alice.id) is None

        self.written(tmp_path, change)

    def test_only_people_who_may_come_in_count_as_owners(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            crew, alice, bob = add(ledger, CREW, AccountKind.ORGANISATION), add(ledger, ALICE), add(ledger, BOB)
            for member in (alice, bob, service(ledger, crew)):
                ledger.accounts.set_role(crew.id, member.id, Role.OWNER, moment(1))
            ledger.accounts.set_disabled(bob.id, moment(2))
            assert ledger.accounts.owners(crew.id) == 1

        self.written(tmp_path, change)

    def test_a_service_belongs_to_its_organisation(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            crew = add(ledger, CREW, AccountKind.ORGANISATION)
            added = service(ledger, crew)
            assert ([added], None) == (ledger.accounts.services(crew.id), added.password)

        self.written(tmp_path, change)

    def test_nothing_that_was_an_accounts_is_left_for_the_next_of_its_name(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            crew, alice = add(ledger, CREW, AccountKind.ORGANISATION), add(ledger, ALICE)
            ledger.accounts.set_role(crew.id, alice.id, Role.OWNER, moment(1))
            before = token(ledger, alice)
            ledger.logins.seen(alice.id, HOME, moment(1), moment(0))
            ledger.departures.clear(alice.id, ALICE)
            ledger.accounts.drop(alice.id)
            again = add(ledger, ALICE)
            assert (
                ledger.tokens.get(before.id),
                ledger.tokens.count(again.id),
                dict(ledger.accounts.roles(again.id)),
                ledger.logins.last_seen(again.id, HOME),
            ) == (None, 0, {}, None)

        self.written(tmp_path, change)

    def test_who_owns_a_manifest_owns_something(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push(ledger, RepositoryName("crew/app"), manifest("one"))
            push(ledger, RepositoryName("alice"), manifest("one"))
            push(ledger, RepositoryName("bobs/app"), manifest("one"))
            assert [ledger.departures.owns_something(each) for each in (CREW, ALICE, BOB)] == [True, False, False]

        self.written(tmp_path, change)

    def test_what_was_public_is_private_for_the_next_of_its_owners_name(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, mine, other = add(ledger, ALICE), RepositoryName("alice/app"), RepositoryName("alices/app")
            for name in (mine, other):
                ledger.repositories.set_public(ledger.repositories.ensure(name, moment(0)), is_public=True)
            ledger.departures.clear(alice.id, ALICE)
            assert [ledger.repositories.is_public(name) for name in (mine, other)] == [False, True]

        self.written(tmp_path, change)

    def test_the_next_of_an_owners_name_is_not_told_what_the_repositories_held(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, name, tag = add(ledger, ALICE), RepositoryName("alice/app"), Tag.parse("v1")
            repository = push_blob(ledger, name, "layer")
            push(ledger, name, manifest("one", "layer"), "v1")
            ledger.pulls.add(repository, manifest("one").digest, "v1", "bob", moment(1), 2)
            ledger.tags.remove(repository, tag, "alice", moment(2))
            ledger.manifests.delete(repository, manifest("one").digest)
            ledger.departures.clear(alice.id, ALICE)
            assert (
                ledger.tags.events(repository, tag),
                ledger.pulls.ever(repository),
                ledger.blobs.find(name, digest("layer")),
            ) == (0, (0, None), None)

        self.written(tmp_path, change)

    def test_a_token_is_found_by_its_digest_with_all_that_it_is_for(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, secret = add(ledger, ALICE), SecretText.new(SecretKind.PERSONAL)
            limits = parse_limits(["crew/*"])
            new = NewToken(alice.id, secret, "laptop", frozenset(Permission), moment(9), limits, origin="somewhere")
            added = ledger.tokens.add(new, moment(3))
            assert added == ledger.tokens.by_digest(secret.digest) == ledger.tokens.get(added.id)
            assert (frozenset(Permission), limits, "somewhere", moment(3), moment(9), None) == (
                added.permissions,
                added.limits,
                added.origin,
                added.created_at,
                added.expires_at,
                added.revoked_at,
            )
            assert ledger.tokens.by_digest(SecretText.new(SecretKind.PERSONAL).digest) is None

        self.written(tmp_path, change)

    def test_tokens_come_the_newest_first_and_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, bob = add(ledger, ALICE), add(ledger, BOB)
            mine = [token(ledger, alice) for _ in range(3)]
            token(ledger, bob)
            assert [mine[2], mine[1]] == ledger.tokens.of_account(alice.id, 0, 2)
            assert [mine[0]] == ledger.tokens.of_account(alice.id, 2, 2)
            assert ledger.tokens.count(alice.id) == 3

        self.written(tmp_path, change)

    def test_with_a_token_goes_what_stands_for_it(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice = add(ledger, ALICE)
            first, other = token(ledger, alice), token(ledger, alice)
            kept = token(ledger, alice, SecretKind.REFRESH, parent=first.id)
            assert ledger.tokens.revoke(first.id, moment(5))
            assert not ledger.tokens.revoke(first.id, moment(6))
            assert [moment(5), moment(5), None] == [_now(ledger, each).revoked_at for each in (first, kept, other)]

        self.written(tmp_path, change)

    def test_a_token_ends_sooner_and_never_later(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            first = token(ledger, add(ledger, ALICE))
            for end in (500, 900):
                ledger.tokens.end_at(first.id, moment(end))
            assert moment(500) == _now(ledger, first).expires_at

        self.written(tmp_path, change)

    def test_all_tokens_of_an_account_go_at_once(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, bob = add(ledger, ALICE), add(ledger, BOB)
            mine, theirs = [token(ledger, alice) for _ in range(3)], token(ledger, bob)
            assert ledger.tokens.revoke_all(alice.id, moment(5)) == 3
            assert all(_now(ledger, each).revoked_at for each in mine)
            assert _now(ledger, theirs).revoked_at is None

        self.written(tmp_path, change)

    def test_tokens_that_ended_long_ago_are_forgotten(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, bob = add(ledger, ALICE), add(ledger, BOB)
            revoked, good, theirs = token(ledger, alice), token(ledger, alice), token(ledger, bob)
            for each in (revoked, theirs):
                ledger.tokens.revoke(each.id, moment(5))
            assert ledger.tokens.forget(alice.id, moment(6)) == 1
            assert [ledger.tokens.get(each.id) is None for each in (revoked, good, theirs)] == [True, False, False]
            assert ledger.tokens.forget(alice.id, moment(1001)) == 1

        self.written(tmp_path, change)

    def test_the_last_use_of_a_token_is_that_of_what_stands_for_it_too(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice = add(ledger, ALICE)
            first = token(ledger, alice)
            kept = token(ledger, alice, SecretKind.REFRESH, parent=first.id)
            ledger.tokens.used(kept.id, ELSEWHERE, moment(9))
            ledger.tokens.used(kept.id, HOME, moment(8))
            assert [(moment(9), ELSEWHERE)] * 2 == [
                (found.last_used_at, found.last_used_from) for found in (_now(ledger, first), _now(ledger, kept))
            ]

        self.written(tmp_path, change)

    def test_failures_are_counted_by_subject_and_begin_anew_after_a_while(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for now, anew_after in ((1, 0), (2, 0), (100, 50)):
                ledger.logins.failed("one", moment(now), moment(anew_after))
            ledger.logins.failed("two", moment(1), moment(0))
            ledger.logins.failed("two", moment(2), moment(0))
            found = ledger.logins.failures(("one", "two", "three"))
            assert {"one": (1, moment(100)), "two": (2, moment(2))} == {
                subject: (each.count, each.latest) for subject, each in found.items()
            }
            ledger.logins.forgive("one")
            assert ledger.logins.forget_failures(moment(50)) == 1
            assert not ledger.logins.failures(("one", "two", "three"))

        self.written(tmp_path, change)

    def test_an_address_is_familiar_to_an_account_for_a_while(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            alice, bob = add(ledger, ALICE), add(ledger, BOB)
            ledger.logins.seen(alice.id, HOME, moment(1), moment(0))
            assert [moment(1), None, None] == [
                ledger.logins.last_seen(alice.id, HOME),
                ledger.logins.last_seen(alice.id, ELSEWHERE),
                ledger.logins.last_seen(bob.id, HOME),
            ]
            ledger.logins.seen(alice.id, ELSEWHERE, moment(100), moment(50))
            assert ledger.logins.last_seen(alice.id, HOME) is None

        self.written(tmp_path, change)

    def test_the_number_of_changes_in_access_only_grows(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> tuple[int, int]:
            before = ledger.counters.access()
            ledger.counters.access_changed()
            return before, ledger.counters.access()

        before, after = self.written(tmp_path, change)
        assert before < after
        assert after == self.written(tmp_path, lambda ledger: ledger.counters.access())


def _now(ledger: Ledger, token: TokenRecord) -> TokenRecord:
    found = ledger.tokens.get(token.id)
    assert found is not None
    return found
