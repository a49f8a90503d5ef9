-- Who pulled how often is summed from the indexes alone, as the days are.
DROP INDEX pulls_by_day;
DROP INDEX pulls_of_repository_by_day;
CREATE INDEX pulls_by_day ON pulls (day, repository, account, pulls);
CREATE INDEX pulls_of_repository_by_day ON pulls (repository, day, account, pulls);
