-- The first schema. Words with a dollar sign differ between databases (sqlite.py): $serial, $bytes, $text.
-- Moments are milliseconds since 1970. Digests and names are compared byte by byte.

CREATE TABLE repositories (
    id          $serial,
    name        $text NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL
);

-- One row for each digest whose bytes we hold; `location` is the copy that serves it.
CREATE TABLE blobs (
    digest      $text NOT NULL PRIMARY KEY,
    size        BIGINT NOT NULL,
    location    $text NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL
);

-- A repository holds a blob. `touched_at` is the lease: a push was told then that the blob is here.
CREATE TABLE repository_blobs (
    repository  BIGINT NOT NULL REFERENCES repositories (id),
    digest      $text NOT NULL REFERENCES blobs (digest),
    touched_at  BIGINT NOT NULL,
    PRIMARY KEY (repository, digest)
);
CREATE INDEX repository_blobs_by_digest ON repository_blobs (digest);

-- Manifests are small and are what a push commits, so their bytes lie here, in the same transaction.
CREATE TABLE manifests (
    repository     BIGINT NOT NULL REFERENCES repositories (id),
    digest         $text NOT NULL,
    media_type     $text NOT NULL,
    artifact_type  $text,
    subject        $text,
    size           BIGINT NOT NULL,
    pushed_at      BIGINT NOT NULL,
    annotations    $text NOT NULL,
    body           $bytes NOT NULL,
    PRIMARY KEY (repository, digest)
);
CREATE INDEX manifests_by_subject ON manifests (repository, subject, digest) WHERE subject IS NOT NULL;

-- What a manifest names: blobs that it needs, and manifests that belong to it.
CREATE TABLE manifest_parts (
    repository  BIGINT NOT NULL,
    manifest    $text NOT NULL,
    part        $text NOT NULL,
    PRIMARY KEY (repository, manifest, part),
    FOREIGN KEY (repository, manifest) REFERENCES manifests (repository, digest)
);
CREATE INDEX manifest_parts_by_part ON manifest_parts (repository, part);

CREATE TABLE tags (
    repository  BIGINT NOT NULL,
    name        $text NOT NULL,
    digest      $text NOT NULL,
    moved_at    BIGINT NOT NULL,
    PRIMARY KEY (repository, name),
    FOREIGN KEY (repository, digest) REFERENCES manifests (repository, digest)
);
CREATE INDEX tags_by_digest ON tags (repository, digest);
CREATE INDEX tags_by_age ON tags (repository, moved_at);

-- Each time a tag was set, moved or taken away. Append-only.
CREATE TABLE tag_events (
    id           $serial,
    repository   BIGINT NOT NULL REFERENCES repositories (id),
    tag          $text NOT NULL,
    digest       $text,
    previous     $text,
    actor        $text NOT NULL,
    happened_at  BIGINT NOT NULL
);
CREATE INDEX tag_events_by_tag ON tag_events (repository, tag, id);
