-- Repositories as packages: seen by whom, and each manifest a version with a number, which can come back when deleted.

ALTER TABLE repositories ADD COLUMN is_public BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
-- When the package was deleted as a whole. The next push begins it anew, under the same number.
ALTER TABLE repositories ADD COLUMN deleted_at BIGINT;
UPDATE repositories SET updated_at = created_at;

CREATE TABLE versions (
    id          $serial,
    repository  BIGINT NOT NULL REFERENCES repositories (id),
    digest      $text NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (repository, digest)
);
-- A version is shown with its tags: they are found in their order, without a look at all the others.
DROP INDEX tags_by_digest;
CREATE INDEX tags_by_digest ON tags (repository, digest, name);
CREATE INDEX versions_by_age ON versions (repository, id);
INSERT INTO versions (repository, digest, created_at, updated_at)
    SELECT repository, digest, pushed_at, pushed_at FROM manifests ORDER BY pushed_at, digest;

-- Manifests that were deleted, for as long as they can be restored. `tags` is a JSON list of those that pointed there.
-- Those of one deletion have one `deletion`: a package that was deleted as a whole comes back as a whole.
CREATE TABLE deleted_manifests (
    repository     BIGINT NOT NULL REFERENCES repositories (id),
    digest         $text NOT NULL,
    media_type     $text NOT NULL,
    artifact_type  $text,
    subject        $text,
    size           BIGINT NOT NULL,
    pushed_at      BIGINT NOT NULL,
    annotations    $text NOT NULL,
    body           $bytes NOT NULL,
    tags           $text NOT NULL,
    deleted_at     BIGINT NOT NULL,
    deleted_by     $text NOT NULL,
    deletion       $text NOT NULL,
    reason         $text NOT NULL,
    PRIMARY KEY (repository, digest)
);
CREATE INDEX deleted_manifests_by_subject ON deleted_manifests (repository, subject, digest)
    WHERE subject IS NOT NULL;
CREATE INDEX deleted_manifests_by_age ON deleted_manifests (deleted_at);

-- What they name is kept as long as they are.
CREATE TABLE deleted_parts (
    repository  BIGINT NOT NULL,
    manifest    $text NOT NULL,
    part        $text NOT NULL,
    PRIMARY KEY (repository, manifest, part),
    FOREIGN KEY (repository, manifest) REFERENCES deleted_manifests (repository, digest)
);
CREATE INDEX deleted_parts_by_part ON deleted_parts (repository, part);
