-- It grows with each change of what a repository holds: a decision about all of it, made a moment ago, is known to hold
-- still, or not, without another look at all of it.
ALTER TABLE repositories ADD COLUMN edition BIGINT NOT NULL DEFAULT 0;
