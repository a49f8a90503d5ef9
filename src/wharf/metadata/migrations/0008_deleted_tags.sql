-- The tags of what was deleted, each by itself, so that one statement can keep, or bring back, those of a whole package.

CREATE TABLE deleted_tags (
    repository  BIGINT NOT NULL,
    manifest    $text NOT NULL,
    name        $text NOT NULL,
    PRIMARY KEY (repository, manifest, name),
    FOREIGN KEY (repository, manifest) REFERENCES deleted_manifests (repository, digest)
);
INSERT INTO deleted_tags (repository, manifest, name)
    SELECT DISTINCT repository, digest, each.value FROM deleted_manifests, $each_of_tags;
ALTER TABLE deleted_manifests DROP COLUMN tags;
CREATE INDEX deleted_manifests_by_deletion ON deleted_manifests (repository, deletion, digest);
