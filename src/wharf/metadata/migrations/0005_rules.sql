-- What the owners of repositories decided beforehand.

-- `kind` is immutable or retention; `repositories` and the rest are patterns and numbers in a JSON object, `terms`.
CREATE TABLE rules (
    id          $serial,
    owner       $text NOT NULL,
    kind        $text NOT NULL,
    terms       $text NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  $text NOT NULL
);
CREATE INDEX rules_by_owner ON rules (owner, kind);

CREATE TABLE quotas (
    owner  $text NOT NULL PRIMARY KEY,
    bytes  BIGINT NOT NULL
);
