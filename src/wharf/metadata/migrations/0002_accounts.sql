-- Who there is, what they are to whom, and the secrets that they were given.

-- `kind` is user, organisation or service; a service belongs to an organisation. Only users have passwords.
CREATE TABLE accounts (
    id                   $serial,
    login                $text NOT NULL UNIQUE,
    kind                 $text NOT NULL,
    display              $text NOT NULL,
    password             $text,
    is_administrator     BIGINT NOT NULL,
    organisation         BIGINT REFERENCES accounts (id),
    created_at           BIGINT NOT NULL,
    password_changed_at  BIGINT,
    disabled_at          BIGINT
);
CREATE INDEX accounts_by_organisation ON accounts (organisation) WHERE organisation IS NOT NULL;

CREATE TABLE memberships (
    organisation  BIGINT NOT NULL REFERENCES accounts (id),
    member        BIGINT NOT NULL REFERENCES accounts (id),
    role          $text NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (organisation, member)
);
CREATE INDEX memberships_by_member ON memberships (member);

-- `kind` is pat, ref or ci. `digest` is SHA-256 of a text that is shown once; `hint` its first characters.
-- `origin` is the identity that a CI token was given for, or the name of the token that a refresh token stands for.
CREATE TABLE tokens (
    id              $serial,
    account         BIGINT NOT NULL REFERENCES accounts (id),
    kind            $text NOT NULL,
    label           $text NOT NULL,
    digest          $text NOT NULL UNIQUE,
    hint            $text NOT NULL,
    permissions     $text NOT NULL,
    limits          $text NOT NULL,
    origin          $text NOT NULL,
    parent          BIGINT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    revoked_at      BIGINT,
    last_used_at    BIGINT,
    last_used_from  $text
);
CREATE INDEX tokens_by_account ON tokens (account, id);
CREATE INDEX tokens_by_parent ON tokens (parent) WHERE parent IS NOT NULL;
CREATE INDEX tokens_by_end ON tokens (expires_at);

-- The keys that short-lived tokens are signed with. A retired one still proves what it signed.
CREATE TABLE signing_keys (
    id          $text NOT NULL PRIMARY KEY,
    secret      $bytes NOT NULL,
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT
);

-- Which identity tokens of CI are believed, and what they are exchanged for. `claims` is a JSON object of patterns.
CREATE TABLE identity_rules (
    id           $serial,
    label        $text NOT NULL UNIQUE,
    issuer       $text NOT NULL,
    audience     $text NOT NULL,
    subject      $text NOT NULL,
    claims       $text NOT NULL,
    account      BIGINT NOT NULL REFERENCES accounts (id),
    permissions  $text NOT NULL,
    limits       $text NOT NULL,
    life         BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX identity_rules_by_issuer ON identity_rules (issuer);

-- An identity token buys one token, and no second one; kept until it would have expired anyhow.
CREATE TABLE spent_identities (
    digest      $text NOT NULL PRIMARY KEY,
    expires_at  BIGINT NOT NULL
);

-- Failed logins, by account and address, by address, and by account. Rows that are old are forgotten.
CREATE TABLE login_failures (
    subject   $text NOT NULL PRIMARY KEY,
    failures  BIGINT NOT NULL,
    since     BIGINT NOT NULL,
    latest    BIGINT NOT NULL
);
CREATE TABLE familiar_addresses (
    account  BIGINT NOT NULL REFERENCES accounts (id),
    address  $text NOT NULL,
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (account, address)
);

-- Numbers that only grow. `access` grows with each change of what anybody may do: who remembers rights asks it first.
CREATE TABLE counters (
    name   $text NOT NULL PRIMARY KEY,
    value  BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('access', 1);
