"""What every metadata store must know, forget and never mix up."""

import asyncio
import threading
from pathlib import Path

from wharf.errors import StoreProblem
from wharf.metadata.garbage import START
from wharf.metadata.ledger import Ledger
from wharf.metadata.records import ListedRepository, Moment, NewManifest, RepositoryId
from wharf.metadata.store import MetadataStore
from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.oci.reference import RepositoryName, Tag
from wharf.testing.contracts.store_in_folder import StoreInFolder

APP = RepositoryName("team/app")
OTHER = RepositoryName("team/other")
LATEST = Tag("latest")


class WentWrong(Exception):
    """Raised inside a change, to see what is left of it."""


def moment(number: int) -> Moment:
    return Moment(1_700_000_000_000 + number)


def digest(text: str) -> Digest:
    return Digest.of(text.encode())


def manifest(text: str, *parts: str, subject: str | None = None, artifact_type: str | None = None) -> NewManifest:
    return NewManifest(
        digest=digest(text),
        media_type=OCI_MANIFEST,
        body=text.encode(),
        artifact_type=artifact_type,
        subject=digest(subject) if subject else None,
        annotations={"said": text} if subject else {},
        parts=tuple(digest(part) for part in parts),
    )


def push_blob(ledger: Ledger, name: RepositoryName, text: str, now: int = 0) -> RepositoryId:
    repository = ledger.repositories.ensure(name, moment(now))
    ledger.blobs.publish(repository, digest(text), len(text), f"place of {text}", moment(now))
    return repository


def push(ledger: Ledger, name: RepositoryName, new: NewManifest, *tags: str, now: int = 0) -> RepositoryId:
    repository = ledger.repositories.ensure(name, moment(now))
    ledger.manifests.put(repository, new, moment(now))
    for tag in tags:
        ledger.tags.move(repository, Tag(tag), new.digest, "ci", moment(now))
    return repository


class MetadataStoreContract(StoreInFolder):
    def test_a_manifest_is_found_by_digest_and_by_tag(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push(ledger, APP, manifest("one"), "latest")
            by_tag = ledger.manifests.by_tag(APP, LATEST)
            by_digest = ledger.manifests.by_digest(APP, digest("one"))
            assert by_tag is not None
            assert by_tag == by_digest
            assert (by_tag.digest, by_tag.media_type, by_tag.body) == (digest("one"), OCI_MANIFEST, b"one")

        self.written(tmp_path, change)

    def test_what_was_written_is_there_after_the_store_was_closed(self, tmp_path: Path) -> None:
        self.written(tmp_path, lambda ledger: push(ledger, APP, manifest("one"), "latest"))
        found = self.written(tmp_path, lambda ledger: ledger.manifests.by_tag(APP, LATEST))
        assert found is not None

    def test_a_closed_store_refuses_a_change_and_keeps_nobody_waiting(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        store.close()
        refusal: StoreProblem | None = None
        try:
            asyncio.run(asyncio.wait_for(store.write(lambda ledger: ledger.counters.access_changed()), 60))
        except StoreProblem as problem:
            refusal = problem
        assert refusal is not None

    def test_a_question_that_looks_at_much_holds_nobody_up(self, tmp_path: Path) -> None:
        answer = threading.Event()

        async def story(store: MetadataStore) -> None:
            surveyed = asyncio.ensure_future(store.survey(lambda _: answer.wait(60)))
            await asyncio.sleep(0)
            await store.read(lambda ledger: ledger.counters.access())
            answer.set()
            assert await surveyed

        self.told(tmp_path, story)

    def test_a_question_that_looks_at_much_is_answered_as_of_one_moment(self, tmp_path: Path) -> None:
        looked, changed = threading.Event(), threading.Event()

        def twice(ledger: Ledger) -> tuple[int, int]:
            before = ledger.counters.access()
            looked.set()
            assert changed.wait(60)
            return before, ledger.counters.access()

        async def story(store: MetadataStore) -> None:
            surveyed = asyncio.ensure_future(store.survey(twice))
            assert await asyncio.to_thread(looked.wait, 60)
            await store.write(lambda ledger: ledger.counters.access_changed())
            changed.set()
            before, after = await surveyed
            assert before == after
            assert before + 1 == await store.survey(lambda ledger: ledger.counters.access())

        self.told(tmp_path, story)

    def test_a_question_sees_the_last_change(self, tmp_path: Path) -> None:
        async def story(store: MetadataStore) -> None:
            for number in range(5):
                text = str(number)
                await store.write(lambda ledger, text=text: push(ledger, APP, manifest(text), "latest"))  # type: ignore[misc]
                found = await store.read(lambda ledger: ledger.manifests.by_tag(APP, LATEST))
                assert found is not None
                assert found.body == text.encode()

        self.told(tmp_path, story)

    def test_a_change_that_fails_leaves_nothing_and_takes_nothing_with_it(self, tmp_path: Path) -> None:
        def fails(ledger: Ledger) -> None:
            push(ledger, APP, manifest("lost"), "lost")
            raise WentWrong

        async def story(store: MetadataStore) -> None:
            outcomes = await asyncio.gather(
                store.write(lambda ledger: push(ledger, APP, manifest("one"), "one")),
                store.write(fails),
                store.write(lambda ledger: push(ledger, APP, manifest("two"), "two")),
                return_exceptions=True,
            )
            assert isinstance(outcomes[1], WentWrong)
            tags = await store.read(lambda ledger: ledger.tags.page(_found(ledger, APP), "", 10))
            assert [str(tag) for tag in tags] == ["one", "two"]

        self.told(tmp_path, story)

    def test_many_changes_at_once_all_happen(self, tmp_path: Path) -> None:
        async def story(store: MetadataStore) -> None:
            names = [f"tag{number:03}" for number in range(300)]
            await asyncio.gather(
                *(store.write(lambda ledger, tag=tag: push(ledger, APP, manifest(tag), tag)) for tag in names)  # type: ignore[misc]
            )
            tags = await store.read(lambda ledger: ledger.tags.page(_found(ledger, APP), "", 1000))
            assert [str(tag) for tag in tags] == names

        self.told(tmp_path, story)

    def test_tags_come_in_byte_order_and_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push(ledger, APP, manifest("one"), "b", "a", "B", "_", "10", "9")
            assert [str(tag) for tag in ledger.tags.page(repository, "", 4)] == ["10", "9", "B", "_"]
            assert [str(tag) for tag in ledger.tags.page(repository, "_", 4)] == ["a", "b"]

        self.written(tmp_path, change)

    def test_moving_a_tag_is_written_into_its_history(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push(ledger, APP, manifest("one"), "latest", now=1)
            repository = push(ledger, APP, manifest("two"), "latest", now=2)
            assert ledger.tags.remove(repository, LATEST, "somebody", moment(3))
            history = ledger.tags.history(repository, LATEST, 10)
            assert [(event.digest, event.previous, event.actor) for event in history] == [
                (None, digest("two"), "somebody"),
                (digest("two"), digest("one"), "ci"),
                (digest("one"), None, "ci"),
            ]

        self.written(tmp_path, change)

    def test_removing_a_tag_keeps_the_manifest_and_its_other_tags(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push(ledger, APP, manifest("one"), "latest", "v1")
            assert ledger.tags.remove(repository, LATEST, "ci", moment(1))
            assert not ledger.tags.remove(repository, LATEST, "ci", moment(1))
            assert ledger.manifests.by_tag(APP, LATEST) is None
            assert ledger.manifests.by_tag(APP, Tag("v1")) is not None

        self.written(tmp_path, change)

    def test_a_deleted_manifest_is_gone_and_may_come_back(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push(ledger, APP, manifest("one", "layer"))
            assert ledger.manifests.delete(repository, digest("one"))
            assert not ledger.manifests.delete(repository, digest("one"))
            assert ledger.manifests.by_digest(APP, digest("one")) is None
            assert ledger.blobs.named_by(repository, digest("layer"), 5) == []
            push(ledger, APP, manifest("one", "layer"))
            assert ledger.blobs.named_by(repository, digest("layer"), 5) == [digest("one")]

        self.written(tmp_path, change)

    def test_a_blob_is_held_by_each_repository_on_its_own(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            mine, other = push_blob(ledger, APP, "layer"), push_blob(ledger, OTHER, "layer")
            assert [each.name for each in ledger.blobs.holders(digest("layer"), 5)] == [APP, OTHER]
            assert ledger.blobs.release(mine, digest("layer"))
            assert not ledger.blobs.release(mine, digest("layer"))
            assert ledger.blobs.find(APP, digest("layer")) is None
            assert ledger.blobs.find(OTHER, digest("layer")) is not None
            assert ledger.blobs.missing(other, [digest("layer"), digest("else")]) == [digest("else")]

        self.written(tmp_path, change)

    def test_a_blob_is_known_to_be_named_while_a_manifest_of_its_repository_needs_it(self, tmp_path: Path) -> None:
        def is_named(ledger: Ledger, name: RepositoryName) -> bool:
            found = ledger.blobs.find(name, digest("layer"))
            assert found is not None
            return found.is_named

        def change(ledger: Ledger) -> list[bool]:
            repository, _ = push_blob(ledger, APP, "layer"), push_blob(ledger, OTHER, "layer")
            seen = [is_named(ledger, APP)]
            push(ledger, APP, manifest("one", "layer"))
            seen += [is_named(ledger, APP), is_named(ledger, OTHER)]
            ledger.manifests.delete(repository, digest("one"))
            return [*seen, is_named(ledger, APP)]

        assert self.written(tmp_path, change) == [False, True, False, False]

    def test_the_first_copy_of_a_blob_serves(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push_blob(ledger, APP, "layer")
            assert ledger.blobs.publish(repository, digest("layer"), 5, "later", moment(1)) == "place of layer"
            assert ledger.blobs.relocate(digest("layer"), 5, "place of layer", "later")
            assert not ledger.blobs.relocate(digest("layer"), 5, "place of layer", "latest")
            found = ledger.blobs.find(APP, digest("layer"))
            assert found is not None
            assert found.location == "later"

        self.written(tmp_path, change)

    def test_referrers_are_found_by_subject_and_type_in_pages(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            repository = push(ledger, APP, manifest("sbom", subject="one", artifact_type="a/sbom"))
            push(ledger, APP, manifest("signature", subject="one", artifact_type="a/signature"))
            push(ledger, APP, manifest("of another", subject="two", artifact_type="a/sbom"))
            everything = ledger.manifests.referrers(repository, digest("one"), None, "", 10)
            assert [found.digest for found in everything] == sorted([digest("sbom"), digest("signature")], key=str)
            assert everything == [
                *ledger.manifests.referrers(repository, digest("one"), None, "", 1),
                *ledger.manifests.referrers(repository, digest("one"), None, str(everything[0].digest), 1),
            ]
            (found,) = ledger.manifests.referrers(repository, digest("one"), "a/sbom", "", 10)
            assert (found.digest, dict(found.annotations)) == (digest("sbom"), {"said": "sbom"})

        self.written(tmp_path, change)

    def test_only_repositories_with_a_manifest_are_listed(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push_blob(ledger, OTHER, "layer")
            repository = push(ledger, APP, manifest("one"))
            assert [ListedRepository(APP, is_public=False)] == ledger.catalogue.page(None, "", 10)
            ledger.manifests.delete(repository, digest("one"))
            assert ledger.catalogue.page(None, "", 10) == []

        self.written(tmp_path, change)

    def test_resembling_repositories_share_the_beginning_or_the_last_segment(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for name in ("team/app", "teams/x", "other/app", "app", "unlike/this"):
                push(ledger, RepositoryName(name), manifest("one"))
            asked: tuple[list[str] | None, ...] = (None, ["team"], ["unlike"])
            found = [ledger.catalogue.resembling(owners, RepositoryName("tean/app"), 10) for owners in asked]
            every = ["team/app", "teams/x", "app", "other/app"]
            assert [every, ["team/app"], []] == [[str(each.name) for each in one] for one in found]

        self.written(tmp_path, change)

    def test_a_blob_that_nothing_names_may_go_when_its_lease_is_over(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push_blob(ledger, APP, "named", now=0)
            push_blob(ledger, APP, "fresh", now=100)
            repository = push_blob(ledger, APP, "old", now=0)
            push(ledger, APP, manifest("one", "named"))
            (old,) = ledger.garbage.unnamed_blobs(START, moment(50), 10)
            assert (old.name, old.digest) == (APP, digest("old"))
            assert ledger.blobs.touch(repository, digest("old"), moment(60))
            assert not ledger.garbage.drop_unnamed(old, moment(50))
            assert ledger.garbage.drop_unnamed(old, moment(70))
            assert ledger.blobs.find(APP, digest("old")) is None

        self.written(tmp_path, change)

    def test_a_blob_that_no_repository_holds_may_go(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push_blob(ledger, APP, "kept")
            repository = push_blob(ledger, APP, "left")
            ledger.blobs.release(repository, digest("left"))
            (left,) = ledger.garbage.unheld_blobs("", 10)
            assert left.location == "place of left"
            ledger.blobs.hold(repository, digest("left"), moment(1))
            assert not ledger.garbage.drop_unheld(left)
            ledger.blobs.release(repository, digest("left"))
            assert ledger.garbage.drop_unheld(left)
            assert not ledger.garbage.is_known("place of left")
            assert ledger.garbage.is_known("place of kept")

        self.written(tmp_path, change)

    def test_what_a_tag_an_index_or_a_subject_keeps_is_not_untagged(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            push(ledger, APP, manifest("tagged"), "latest")
            push(ledger, APP, manifest("index", "child"), "multi")
            push(ledger, APP, manifest("child"))
            push(ledger, APP, manifest("speaks", subject="tagged"))
            push(ledger, APP, manifest("speaks of nothing", subject="never was"))
            push(ledger, APP, manifest("alone"))
            push(ledger, APP, manifest("young"), now=100)
            found = ledger.garbage.untagged_manifests(START, moment(50), 10)
            assert {one.digest for one in found} == {digest("alone"), digest("speaks of nothing")}
            assert all(ledger.garbage.is_untagged(one, moment(50)) for one in found)

        self.written(tmp_path, change)

    def test_pages_of_garbage_go_on_behind_the_last_one(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for text in ("a", "b", "c"):
                push_blob(ledger, APP, text)
            push_blob(ledger, OTHER, "a")
            seen = []
            after = START
            while found := ledger.garbage.unnamed_blobs(after, moment(1), 1):
                seen.append((found[0].name, found[0].digest))
                after = (found[0].repository, str(found[0].digest))
            assert sorted(seen, key=str) == sorted(
                [(APP, digest("a")), (APP, digest("b")), (APP, digest("c")), (OTHER, digest("a"))], key=str
            )

        self.written(tmp_path, change)

    def test_an_index_is_served_with_its_own_type(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            index = NewManifest(digest("{}"), OCI_INDEX, b"{}", None, None, {}, ())
            push(ledger, APP, index, "multi")
            found = ledger.manifests.by_tag(APP, Tag("multi"))
            assert found is not None
            assert found.media_type == OCI_INDEX

        self.written(tmp_path, change)


def _found(ledger: Ledger, name: RepositoryName) -> RepositoryId:
    repository = ledger.repositories.find(name)
    assert repository is not None
    return repository
