-- Strangers are shown what is public: it is found without a look at all that is not.
CREATE INDEX repositories_public ON repositories (name) WHERE is_public = 1;
