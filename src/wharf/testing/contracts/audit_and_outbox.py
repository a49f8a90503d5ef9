"""What every metadata store must hold of the audit log and of the outbox: nothing is lost, changed or out of order."""

from dataclasses import replace
from pathlib import Path

from wharf.metadata.audit import AuditFilter, Span
from wharf.metadata.ledger import Ledger
from wharf.metadata.outbox import Attempt, DeliveryState, DueDelivery
from wharf.metadata.records import AuditEntry
from wharf.metadata.webhooks import NewWebhook, WebhookRecord
from wharf.testing.contracts.metadata_store import moment
from wharf.testing.contracts.store_in_folder import StoreInFolder

DAY = 86_400_000
ANOTHER = "another secret"


def entry(action: str, owner: str = "crew", target: str = "crew/app") -> AuditEntry:
    return AuditEntry("ci", "token 3 (ci)", "10.0.0.7", action, owner, target, {"digest": "sha256:…", "tags": 2})


def hook(ledger: Ledger, owner: str = "crew") -> WebhookRecord:
    new = NewWebhook(owner, "https://ci.example/", "a secret", ("package", "tag.move"), False, "admin")  # noqa: FBT003
    return ledger.webhooks.add(new, moment(0))


def due(ledger: Ledger, now: int = 0) -> list[str]:
    return [one.delivery.guid for one in ledger.outbox.due(moment(now), 100)]


class AuditAndOutboxContract(StoreInFolder):
    def test_an_entry_is_there_as_it_was_written(self, tmp_path: Path) -> None:
        self.written(tmp_path, lambda ledger: ledger.audit.add(entry("package.push"), moment(1)))
        (record,) = self.written(tmp_path, lambda ledger: ledger.audit.page(None, 0, 10))
        assert (entry("package.push"), moment(1)) == (record.entry, record.happened_at)

    def test_entries_of_one_owner_are_found_among_others(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> list[str]:
            for number, owner in enumerate(("crew", "others", "crew")):
                ledger.audit.add(entry(f"package.{number}", owner), moment(number))
            return [record.entry.action for record in ledger.audit.page("crew", 0, 10)]

        assert self.written(tmp_path, change) == ["package.0", "package.2"]

    def test_a_stretch_goes_either_way_and_keeps_within_its_span(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for number in range(6):
                ledger.audit.add(entry("package.push"), moment(number))
            first = ledger.audit.page(None, 0, 1)[0].id
            span = Span(after=first, before=first + 4)
            upwards = ledger.audit.stretch(AuditFilter(), span, 10, newest_first=False)
            downwards = ledger.audit.stretch(AuditFilter(target="crew/app"), span, 2, newest_first=True)
            assert [first + 1, first + 2, first + 3] == [record.id for record in upwards]
            assert [first + 3, first + 2] == [record.id for record in downwards]

        self.written(tmp_path, change)

    def test_only_what_is_looked_for_is_found(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            rows = (("package.push", "crew"), ("package.delete", "crew"), ("packages", "crew"), ("package.push", ""))
            for number, (action, owner) in enumerate(rows):
                ledger.audit.add(entry(action, owner), moment(number))

            def found(wanted: AuditFilter) -> list[int]:
                rows = ledger.audit.stretch(wanted, Span(), 9, newest_first=False)
                return [row.happened_at - moment(0) for row in rows]

            actor = ledger.audit.page(None, 0, 1)[0].entry.actor
            assert found(AuditFilter(actor=actor)) == [0, 1, 2, 3]
            assert found(AuditFilter(actor=f"not {actor}")) == []
            assert found(AuditFilter(action="package")) == [0, 1, 3]
            assert found(AuditFilter(action="package.push")) == [0, 3]
            assert found(AuditFilter(action="package", owner="crew")) == [0, 1]
            assert found(AuditFilter(owner="")) == [3]
            assert found(AuditFilter(target="crew/app", since=moment(1), until=moment(3))) == [1, 2]

        self.written(tmp_path, change)

    def test_a_span_of_moments_holds_all_that_lies_in_it(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for number in range(9):
                ledger.audit.add(entry("package.push"), moment(number * DAY))
            wanted = AuditFilter(since=moment(3 * DAY), until=moment(6 * DAY))
            rows = ledger.audit.stretch(wanted, ledger.audit.span(wanted), 100, newest_first=False)
            found = [row.happened_at for row in rows]
            assert [moment(number * DAY) for number in (3, 4, 5)] == found
            assert len(rows) <= 5

        self.written(tmp_path, change)

    def test_a_webhook_is_there_as_it_was_made(self, tmp_path: Path) -> None:
        made = self.written(tmp_path, hook)
        assert made == self.written(tmp_path, lambda ledger: ledger.webhooks.find("crew", made.id))
        assert self.written(tmp_path, lambda ledger: ledger.webhooks.find("others", made.id)) is None

    def test_a_webhook_is_there_as_it_was_changed(self, tmp_path: Path) -> None:
        made = self.written(tmp_path, hook)
        changed = replace(
            made, url="https://cd.example/", secret=ANOTHER, events=("*",), reaches_here=True, is_active=False
        )
        self.written(tmp_path, lambda ledger: ledger.webhooks.change(changed))
        assert changed == self.written(tmp_path, lambda ledger: ledger.webhooks.find("crew", made.id))

    def test_one_that_is_paused_does_not_listen_and_nothing_is_due_to_it(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            ledger.outbox.put(made.id, "a", "package.push", "{}", moment(0))
            ledger.webhooks.change(replace(made, is_active=False))
            assert (ledger.webhooks.listening("crew"), due(ledger)) == ([], [])
            ledger.webhooks.change(made)
            assert ([made.id], ["a"]) == ([each.id for each in ledger.webhooks.listening("crew")], due(ledger))

        self.written(tmp_path, change)

    def test_only_what_waits_too_long_for_one_that_is_paused_is_given_up(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            paused, active = hook(ledger), hook(ledger)
            for made in (paused, active):
                for number in range(3):
                    ledger.outbox.put(made.id, f"{number}", "package.push", "{}", moment(number))
            ledger.webhooks.change(replace(paused, is_active=False))
            assert [ledger.outbox.give_up_paused(moment(2), "paused", moment(9), 1) for _ in range(3)] == [1, 1, 0]
            dead, _ = ledger.outbox.page(paused.id, DeliveryState.DEAD, 0, 10)
            assert [(row.guid, row.problem) for row in dead] == [("1", "paused"), ("0", "paused")]
            assert (ledger.outbox.page(active.id, DeliveryState.DEAD, 0, 10)[1], due(ledger)) == (0, ["0"])

        self.written(tmp_path, change)

    def test_what_was_put_off_is_due_when_it_is_hastened(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            ledger.outbox.put(made.id, "a", "package.push", "{}", moment(0))
            ledger.outbox.postpone(_first(ledger).delivery.id, moment(90), Attempt(1, None, "no answer"))
            ledger.outbox.hasten(made.id, moment(5))
            assert (due(ledger, 4), due(ledger, 5)) == ([], ["a"])
            assert ledger.outbox.latest(made.id).attempts == 1

        self.written(tmp_path, change)

    def test_those_of_the_registry_listen_to_all_owners(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            every, one = hook(ledger, ""), hook(ledger)
            assert [every.id, one.id] == [each.id for each in ledger.webhooks.listening("crew")]
            assert [every.id] == [each.id for each in ledger.webhooks.listening("others")]

        self.written(tmp_path, change)

    def test_only_the_oldest_of_each_webhook_is_due(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            for made in (hook(ledger), hook(ledger)):
                for name in ("a", "b"):
                    ledger.outbox.put(made.id, f"{made.id}{name}", "package.push", "{}", moment(0))
            first, second = (one.webhook.id for one in ledger.outbox.due(moment(0), 10))
            assert [f"{first}a", f"{second}a"] == due(ledger)
            ledger.outbox.finish(_first(ledger).delivery.id, DeliveryState.DELIVERED, Attempt(1, 200, ""), moment(1))
            assert {f"{first}b", f"{second}a"} == set(due(ledger))

        self.written(tmp_path, change)

    def test_what_was_put_off_holds_up_what_is_behind_it(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            for name in ("a", "b"):
                ledger.outbox.put(made.id, name, "package.push", "{}", moment(0))
            ledger.outbox.postpone(_first(ledger).delivery.id, moment(10), Attempt(1, None, "no answer"))
            assert due(ledger, 9) == []
            assert due(ledger, 10) == ["a"]

        self.written(tmp_path, change)

    def test_what_was_never_tried_comes_before_what_was_not_taken(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            first, second, third = (hook(ledger) for _ in range(3))
            for made, name in ((first, "tried"), (second, "later"), (third, "soon")):
                ledger.outbox.put(made.id, name, "package.push", "{}", moment(5 if name == "later" else 1))
            ledger.outbox.postpone(_first(ledger).delivery.id, moment(1), Attempt(1, None, "no answer"))
            assert due(ledger, 9) == ["soon", "later", "tried"]

        self.written(tmp_path, change)

    def test_what_is_sent_again_stands_behind_all_others(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            for name in ("a", "b"):
                ledger.outbox.put(made.id, name, "package.push", "{}", moment(0))
            again = ledger.outbox.again(_first(ledger).delivery, moment(5))
            rows, total = ledger.outbox.page(made.id, None, 0, 10)
            assert (total, [row.guid for row in rows]) == (3, ["a", "b", "a"])
            assert (again.attempts, again.state) == (0, DeliveryState.WAITING)

        self.written(tmp_path, change)

    def test_only_what_ended_long_ago_is_forgotten(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            for name in ("old", "new", "waiting"):
                ledger.outbox.put(made.id, name, "package.push", "{}", moment(0))
            for ended in (1, 9):
                ledger.outbox.finish(
                    _first(ledger).delivery.id, DeliveryState.DEAD, Attempt(8, None, "no answer"), moment(ended)
                )
            assert ledger.outbox.forget(DeliveryState.DELIVERED, moment(5), 10) == 0
            assert ledger.outbox.forget(DeliveryState.DEAD, moment(5), 10) == 1
            assert [row.guid for row in ledger.outbox.page(made.id, None, 0, 10)[0]] == ["waiting", "new"]

        self.written(tmp_path, change)

    def test_a_webhook_goes_with_its_deliveries(self, tmp_path: Path) -> None:
        def change(ledger: Ledger) -> None:
            made = hook(ledger)
            ledger.outbox.put(made.id, "a", "package.push", "{}", moment(0))
            ledger.webhooks.drop(made.id)
            assert (due(ledger), ledger.webhooks.of_owner("crew")) == ([], [])

        self.written(tmp_path, change)


def _first(ledger: Ledger) -> DueDelivery:
    return ledger.outbox.due(moment(100), 1)[0]
