-- How often what was pulled. `tag` and `account` are empty where there was none; `day` counts from 1970.

CREATE TABLE pulls (
    repository  BIGINT NOT NULL REFERENCES repositories (id),
    digest      $text NOT NULL,
    tag         $text NOT NULL,
    account     $text NOT NULL,
    day         BIGINT NOT NULL,
    pulls       BIGINT NOT NULL,
    PRIMARY KEY (repository, digest, tag, account, day)
);
CREATE INDEX pulls_by_day ON pulls (day, repository, pulls);
CREATE INDEX pulls_of_repository_by_day ON pulls (repository, day, pulls);

CREATE TABLE last_pulls (
    repository  BIGINT NOT NULL REFERENCES repositories (id),
    digest      $text NOT NULL,
    pulled_at   BIGINT NOT NULL,
    pulls       BIGINT NOT NULL,
    PRIMARY KEY (repository, digest)
);

-- What whoever asked a moment ago will ask for next, as a part of the same pull: such a question is not counted again.
CREATE TABLE expected_reads (
    reader      $text NOT NULL,
    repository  BIGINT NOT NULL,
    digest      $text NOT NULL,
    tag         $text NOT NULL,
    times       BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    PRIMARY KEY (reader, repository, digest, tag)
);
CREATE INDEX expected_reads_by_end ON expected_reads (until);
