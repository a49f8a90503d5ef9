-- To count what an owner holds takes a while, and pushes go on meanwhile. `added` and `doubts` only grow: what was counted
-- since they stood at some number is known to be too little by what `added` grew, or doubtful if `doubts` grew.
ALTER TABLE quotas ADD COLUMN added BIGINT NOT NULL DEFAULT 0;
ALTER TABLE quotas ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0;
-- Not yet: it stands there so that `added` grows while the first count is made, and nobody is refused by it.
ALTER TABLE quotas ADD COLUMN is_set BIGINT NOT NULL DEFAULT 1;
