-- A webhook that is not active is told of nothing new, and what it was to be sent waits.
ALTER TABLE webhooks ADD COLUMN is_active BIGINT NOT NULL DEFAULT 1;
