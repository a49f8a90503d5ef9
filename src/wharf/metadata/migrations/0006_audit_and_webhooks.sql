-- What was changed, and who is told of it.

-- Each change: who, what, when, from where. Nothing in it is ever changed or removed.
CREATE TABLE audit (
    id           $serial,
    happened_at  BIGINT NOT NULL,
    actor        $text NOT NULL,
    credential   $text NOT NULL,
    address      $text NOT NULL,
    action       $text NOT NULL,
    owner        $text NOT NULL,
    target       $text NOT NULL,
    details      $text NOT NULL
);
CREATE INDEX audit_by_owner ON audit (owner, id);
CREATE INDEX audit_by_target ON audit (target, id);
CREATE INDEX audit_by_moment ON audit (happened_at);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit $refused;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit $refused;
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit $refused_if_known;

-- `owner` is empty for a webhook of the whole registry. `events` are words with spaces between them. The secret is kept
-- as it is: what is sent is signed with it. `reaches_here`: it may be sent to this very machine.
CREATE TABLE webhooks (
    id            $serial,
    owner         $text NOT NULL,
    url           $text NOT NULL,
    secret        $text NOT NULL,
    events        $text NOT NULL,
    reaches_here  BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    created_by    $text NOT NULL
);
CREATE INDEX webhooks_by_owner ON webhooks (owner, id);

-- The outbox: written with the change that it tells of, emptied by delivery. `state` is waiting, delivered or dead.
-- A delivery that is sent again by hand is a new row with the same `guid`.
CREATE TABLE deliveries (
    id           $serial,
    webhook      BIGINT NOT NULL REFERENCES webhooks (id),
    guid         $text NOT NULL,
    event        $text NOT NULL,
    payload      $text NOT NULL,
    state        $text NOT NULL,
    attempts     BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    status       BIGINT,
    problem      $text NOT NULL
);
CREATE INDEX deliveries_waiting ON deliveries (webhook, id) WHERE state = 'waiting';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, state, id);
CREATE INDEX deliveries_by_end ON deliveries (state, finished_at) WHERE finished_at IS NOT NULL;
