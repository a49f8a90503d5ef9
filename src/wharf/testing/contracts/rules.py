"""What every metadata store must know of rules and quotas, and of what an owner holds."""

from dataclasses import replace
from pathlib import Path

from wharf.metadata.ledger import Ledger
from wharf.metadata.records import QuotaRecord, RuleId, RuleKind
from wharf.oci.media_types import OCI_INDEX
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.contracts.metadata_store import APP, OTHER, digest, manifest, moment, push, push_blob
from wharf.testing.contracts.packages import publish, throw_away
from wharf.testing.contracts.store_in_folder import StoreInFolder

NEIGHBOUR = RepositoryName("team-b/app")
ALONE = RepositoryName("alone")


def give(ledger: Ledger, owner: str, most: int, used: int) -> None:
    """A quota."""
    ledger.quotas.begin(owner)
    assert ledger.quotas.set(owner, most)
    ledger.quotas.counted(owner, used, ledger.quotas.standing(owner))


class RulesContract(StoreInFolder):
    def test_rules_concern_their_owner_and_those_of_the_registry_everybody(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[list[int]]:
            for owner in ("team", "", "other"):
                ledger.rules.add(owner, RuleKind.IMMUTABLE, "{}", "ada", moment(1))
            ledger.rules.add("team", RuleKind.RETENTION, "{}", "ada", moment(1))
            kinds = (RuleKind.IMMUTABLE, RuleKind.RETENTION)
            return [[rule.id for rule in ledger.rules.concerning("team", kind)] for kind in kinds]

        assert self.written(tmp_path, change) == [[1, 2], [4]]

    def test_a_rule_is_its_owner_s_alone(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            rule = ledger.rules.add("team", RuleKind.IMMUTABLE, '{"tags": []}', "ada", moment(1))
            assert ledger.rules.find("other", rule) is None
            assert not ledger.rules.drop("other", rule)
            found = ledger.rules.find("team", rule)
            assert found is not None
            assert ('{"tags": []}', "ada", moment(1)) == (found.terms, found.created_by, found.created_at)
            assert ledger.rules.drop("team", rule)
            assert ledger.rules.count("team") == 0

        self.written(tmp_path, change)

    def test_rules_come_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[RuleId]:
            for _ in range(5):
                ledger.rules.add("team", RuleKind.IMMUTABLE, "{}", "ada", moment(1))
            return [rule.id for rule in ledger.rules.page("team", 2, 2)]

        assert self.written(tmp_path, change) == [3, 4]

    def test_owners_with_rules_are_known(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[str]:
            for owner in ("team", "team", "", "other"):
                ledger.rules.add(owner, RuleKind.RETENTION, "{}", "ada", moment(1))
            ledger.rules.add("third", RuleKind.IMMUTABLE, "{}", "ada", moment(1))
            return ledger.rules.owners(RuleKind.RETENTION)

        assert self.written(tmp_path, change) == ["", "other", "team"]

    def test_the_largest_blob_of_an_owner_is_among_what_counts(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[int]:
            push_blob(ledger, APP, "small")
            push_blob(ledger, NEIGHBOUR, "the largest")
            push_blob(ledger, APP, "middling")
            return [ledger.stock.largest_blob(owner) for owner in ("team", "team-b", "", "other")]

        assert self.written(tmp_path, change) == [8, 11, 11, 0]

    def test_a_quota_knows_what_was_added_and_is_doubtful_when_something_went(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            give(ledger, "team", 100, 10)
            ledger.quotas.add("team", 5)
            quota = QuotaRecord("team", 100, 15, is_doubtful=False)
            assert quota == ledger.quotas.find("team")
            ledger.quotas.doubt("team")
            assert replace(quota, is_doubtful=True) == ledger.quotas.find("team")
            ledger.quotas.counted("team", 7, ledger.quotas.standing("team"))
            assert replace(quota, used=7) == ledger.quotas.find("team")

        self.written(tmp_path, change)

    def test_what_comes_and_goes_while_it_is_counted_is_not_forgotten(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            ledger.quotas.begin("team")
            since = ledger.quotas.standing("team")
            ledger.quotas.add("team", 5)
            ledger.quotas.set("team", 100)
            ledger.quotas.counted("team", 10, since)
            assert QuotaRecord("team", 100, 15, is_doubtful=False) == ledger.quotas.find("team")
            since = ledger.quotas.standing("team")
            ledger.quotas.doubt("team")
            ledger.quotas.counted("team", 8, since)
            assert QuotaRecord("team", 100, 8, is_doubtful=True) == ledger.quotas.find("team")

        self.written(tmp_path, change)

    def test_a_quota_that_is_not_set_yet_is_none(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            assert not ledger.quotas.set("team", 100)
            ledger.quotas.begin("team")
            assert ledger.quotas.find("team") is None
            ledger.quotas.add("team", 5)
            give(ledger, "team", 100, 10)
            assert QuotaRecord("team", 100, 10, is_doubtful=False) == ledger.quotas.find("team")

        self.written(tmp_path, change)

    def test_what_goes_makes_the_registry_s_quota_doubtful_too_and_no_stranger_s(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[str]:
            for owner in ("team", "other", ""):
                give(ledger, owner, 100, 10)
            ledger.quotas.doubt("team")
            quotas = (ledger.quotas.find(owner) for owner in ("team", "other", ""))
            return [quota.owner for quota in quotas if quota and quota.is_doubtful]

        assert self.written(tmp_path, change) == ["team", ""]

    def test_what_an_owner_holds_twice_counts_once(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[int]:
            for name in (APP, OTHER, NEIGHBOUR, ALONE):
                push_blob(ledger, name, "twelve bytes")
            push(ledger, APP, manifest("four"))
            push(ledger, OTHER, manifest("four"))
            return [ledger.stock.bytes_used(owner) for owner in ("team", "team-b", "nobody", "")]

        assert self.written(tmp_path, change) == [16, 12, 0, 16]

    def test_what_only_deleted_versions_need_does_not_count(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push_blob(ledger, APP, "layer")
            push(ledger, APP, manifest("image", "layer"), "1")
            ledger.versions.pushed(repository, digest("image"), moment(0))
            assert ledger.stock.counts_blob("team", digest("layer"))
            assert ledger.stock.counts_manifest("team", digest("image"))
            throw_away(ledger, repository, "image")
            assert not ledger.stock.counts_blob("team", digest("layer"))
            assert not ledger.stock.counts_manifest("team", digest("image"))
            assert ledger.stock.bytes_used("team") == 0
            assert ledger.stock.size_of_blob(digest("layer")) == 5

        self.written(tmp_path, change)

    def test_a_deletion_of_one_version_leaves_what_another_needs(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> int:
            repository = push_blob(ledger, APP, "layer")
            for text in ("one", "two"):
                push(ledger, APP, manifest(text, "layer"))
            ledger.versions.pushed(repository, digest("one"), moment(0))
            throw_away(ledger, repository, "one")
            return ledger.stock.bytes_used("team")

        assert len("layer") + len("two") == self.written(tmp_path, change)

    def test_versions_are_told_with_all_that_speaks_for_them(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push(ledger, APP, manifest("amd64", "layer"), now=1)
            index = replace(manifest("index", "amd64", "not here"), media_type=OCI_INDEX)
            repository = push(ledger, APP, index, "1.0", "latest", now=2)
            push(ledger, APP, manifest("signature", subject="index"), now=3)
            held = {version.digest: version for version in ledger.stock.versions(repository)}
            assert len(held) == 3
            assert (Tag("1.0"), Tag("latest")) == held[digest("index")].tags
            assert {digest("amd64"), digest("not here")} == set(held[digest("index")].children)
            assert held[digest("amd64")].children == ()
            assert digest("index") == held[digest("signature")].subject
            assert (moment(2), None) == (held[digest("index")].pushed_at, held[digest("index")].pulled_at)

        self.written(tmp_path, change)

    def test_repositories_of_an_owner_are_those_that_hold_something(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[list[str]]:
            for name in (APP, NEIGHBOUR, ALONE):
                publish(ledger, name, "one", "1")
            push_blob(ledger, OTHER, "layer")
            return [[str(name) for name in ledger.stock.repositories(owner, "", 10)] for owner in ("team", "")]

        assert self.written(tmp_path, change) == [["team/app"], ["alone", "team-b/app", "team/app"]]

    def test_where_no_pull_was_counted_there_was_no_first_day(self, tmp_path: Path) -> None:
        assert self.written(tmp_path, lambda ledger: ledger.stock.first_day_with_pulls()) is None
