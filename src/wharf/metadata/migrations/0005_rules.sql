-- What the owners of repositories decided beforehand.

-- `kind` is immutable or retention; `terms` is a JSON object of patterns and numbers. `owner` is empty for all.
CREATE TABLE rules (
    id          $serial,
    owner       $text NOT NULL,
    kind        $text NOT NULL,
    terms       $text NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  $text NOT NULL
);
CREATE INDEX rules_by_owner ON rules (owner, kind);

-- `owner` is empty for the registry as a whole. `used` is never less than what is used: each push adds to it. What goes
-- makes it doubtful, and where there seems to be no room left, a doubtful figure is counted anew.
CREATE TABLE quotas (
    owner        $text NOT NULL PRIMARY KEY,
    bytes        BIGINT NOT NULL,
    used         BIGINT NOT NULL,
    is_doubtful  BIGINT NOT NULL
);
