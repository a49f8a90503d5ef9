"""What every metadata store must know of packages, their versions, and what of them lies in the trash."""

from pathlib import Path

from wharf.metadata.garbage import START
from wharf.metadata.ledger import Ledger
from wharf.metadata.packages import Shelf
from wharf.metadata.records import Moment, RepositoryId
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.contracts.metadata_store import APP, LATEST, digest, manifest, moment, push, push_blob
from wharf.testing.contracts.store_in_folder import StoreInFolder

LATER = Moment(moment(0) + 86_400_000)


def publish(ledger: Ledger, name: RepositoryName, text: str, *tags: str, now: int = 0) -> RepositoryId:
    repository = push(ledger, name, manifest(text), *tags, now=now)
    ledger.versions.pushed(repository, digest(text), moment(now))
    return repository


def throw_away(ledger: Ledger, repository: RepositoryId, text: str, now: int = 0, deletion: str = "one") -> None:
    tags = ledger.tags.of_digest(repository, digest(text))
    assert ledger.trash.keep(repository, digest(text), tags, "ada", moment(now), deletion, "a reason")
    for tag in tags:
        ledger.tags.remove(repository, tag, "ada", moment(now))
    assert ledger.manifests.delete(repository, digest(text))


class PackagesContract(StoreInFolder):
    def test_names_are_looked_for_among_those_of_some_owners_and_public_ones(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[list[str]]:
            for name in ("team/app", "team-b/app", "other/app", "other/open-app", "app"):
                repository = publish(ledger, RepositoryName(name), name)
            ledger.repositories.set_public(repository, is_public=True)
            asked: tuple[list[str] | None, ...] = (
                ["team"],
                [],
                ["team", "other"],
                None,
                [f"owner-{number}" for number in range(501)],
            )
            found = [ledger.catalogue.page(owners, "", 10, ["app"]) for owners in asked]
            return [[str(each.name) for each in one] for one in found]

        every = ["app", "other/app", "other/open-app", "team-b/app", "team/app"]
        some = [["app", "team/app"], ["app"], ["app", "other/app", "other/open-app", "team/app"]]
        assert self.written(tmp_path, change) == [*some, every, every]

    def test_packages_are_found_by_their_owner(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for name in ("crew/b", "crew/a", "crew-two/a", "crew", "crewman/a", "one"):
                publish(ledger, RepositoryName(name), name)
            shelves = {"crew": ["crew/a", "crew/b"], None: ["crew", "one"]}
            for owner, names in shelves.items():
                assert [str(package.name) for package in ledger.packages.listed(Shelf(owner))] == names
                assert [str(package.name) for package in ledger.packages.listed(Shelf(owner), 1, 1)] == names[1:]
                assert ledger.packages.count_listed(Shelf(owner)) == 2

        self.written(tmp_path, change)

    def test_packages_are_told_apart_by_who_sees_them(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[list[str]]:
            for name in ("crew/open", "crew/hidden"):
                repository = publish(ledger, RepositoryName(name), name)
                ledger.repositories.set_public(repository, is_public=name == "crew/open")
            asked = [Shelf("crew", public, of) for of in (False, True) for public in (None, True, False)]
            return [[str(each.name) for each in ledger.packages.listed(shelf)] for shelf in asked]

        whole, public, private = ["crew/hidden", "crew/open"], ["crew/open"], ["crew/hidden"]
        assert self.written(tmp_path, change) == [whole, public, private, public, public, []]

    def test_a_repository_without_versions_is_no_package(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push(ledger, APP, manifest("made here"))
            push_blob(ledger, APP, "a blob")
            assert (ledger.packages.alive(APP), ledger.packages.listed(Shelf("team"))) == (None, [])
            publish(ledger, APP, "v1")
            assert repository == ledger.packages.listed(Shelf("team"))[0].id
            throw_away(ledger, repository, "v1")
            assert None is ledger.packages.alive(APP)

        self.written(tmp_path, change)

    def test_versions_come_newest_first_and_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for number in range(5):
                repository = publish(ledger, APP, f"v{number}", now=number)
            found = ledger.packages.versions(repository, 1, 2)
            assert [digest("v3"), digest("v2")] == [version.digest for version in found]
            assert ledger.packages.count(repository) == 5
            assert found[0] == ledger.packages.version(repository, found[0].id)

        self.written(tmp_path, change)

    def test_a_version_that_is_pushed_again_keeps_its_number_and_its_age(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = publish(ledger, APP, "v1", now=1)
            publish(ledger, APP, "v1", now=7)
            (version,) = ledger.packages.versions(repository, 0, 10)
            assert (moment(1), moment(7)) == (version.created_at, version.updated_at)

        self.written(tmp_path, change)

    def test_tagged_versions_are_counted_once_each(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            publish(ledger, APP, "v1", "v1", "latest")
            repository = publish(ledger, APP, "v2")
            assert (ledger.packages.tagged(repository), ledger.packages.count_tags(repository)) == (1, 2)

        self.written(tmp_path, change)

    def test_what_is_thrown_away_is_kept_with_all_that_it_was(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            new = manifest("v1", "a part", subject="spoken about", artifact_type="signature")
            repository = push(ledger, APP, new, "v1", "latest")
            ledger.versions.pushed(repository, new.digest, moment(0))
            before = ledger.manifests.by_tag(APP, LATEST)
            throw_away(ledger, repository, "v1", now=5)
            gone = ledger.trash.find(repository, new.digest)
            assert gone is not None
            assert (APP, (LATEST, Tag("v1")), moment(5), "ada", "one", "a reason", digest("spoken about")) == (
                gone.name,
                gone.tags,
                gone.deleted_at,
                gone.deleted_by,
                gone.deletion,
                gone.reason,
                gone.subject,
            )
            assert new.body == ledger.trash.body(repository, new.digest)
            ledger.trash.restore(repository, new.digest, moment(9))
            assert before == ledger.manifests.by_digest(APP, new.digest)
            assert [new.digest] == ledger.blobs.named_by(repository, digest("a part"), 10)
            assert [new.digest] == [
                each.digest for each in ledger.manifests.referrers(repository, digest("spoken about"), None, "", 10)
            ]
            assert None is ledger.trash.find(repository, new.digest)

        self.written(tmp_path, change)

    def test_deleted_versions_are_listed_as_long_as_they_are_young(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = publish(ledger, APP, "v1")
            throw_away(ledger, repository, "v1", now=5)
            (gone,) = ledger.packages.deleted_versions(repository, moment(4), 0, 10)
            assert (digest("v1"), moment(5)) == (gone.digest, gone.deleted_at)
            assert tuple(ledger.packages.count_deleted(repository, moment(at)) for at in (4, 5)) == (1, 0)
            assert (
                ledger.packages.versions(repository, 0, 10),
                ledger.packages.version(repository, gone.id),
            ) == ([], None)

        self.written(tmp_path, change)

    def test_what_went_together_is_found_together(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for text in ("a", "b", "c"):
                repository = publish(ledger, APP, text)
            for text, deletion in (("a", "first"), ("b", "first"), ("c", "second")):
                throw_away(ledger, repository, text, deletion=deletion)
            found = {one.digest for one in ledger.trash.of_deletion(repository, "first")}
            assert {digest("a"), digest("b")} == found
            assert len(ledger.trash.older(moment(0), 10)) == 3
            assert ledger.trash.older(moment(-1), 10) == []

        self.written(tmp_path, change)

    def test_garbage_collection_leaves_what_the_trash_names(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push_blob(ledger, APP, "layer")
            push(ledger, APP, manifest("child"))
            push(ledger, APP, manifest("index", "layer", "child"))
            throw_away(ledger, repository, "index")
            assert ledger.garbage.unnamed_blobs(START, LATER, 10) == []
            assert ledger.garbage.untagged_manifests(START, LATER, 10) == []
            assert ledger.trash.forget(repository, digest("index"))
            assert [digest("layer")] == [blob.digest for blob in ledger.garbage.unnamed_blobs(START, LATER, 10)]
            assert [digest("child")] == [one.digest for one in ledger.garbage.untagged_manifests(START, LATER, 10)]

        self.written(tmp_path, change)

    def test_a_package_that_begins_anew_is_private(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = publish(ledger, APP, "v1")
            ledger.repositories.set_public(repository, is_public=True)
            assert (
                ledger.repositories.pushed(repository, moment(1)),
                ledger.repositories.is_public(APP),
            ) == (False, True)
            ledger.repositories.set_deleted(repository, moment(2), moment(2))
            assert (
                ledger.repositories.pushed(repository, moment(3)),
                ledger.repositories.is_public(APP),
            ) == (True, False)

        self.written(tmp_path, change)
