-- Who there is, and what they prove it with. Times are milliseconds since 1970; digests are SHA-256 in hex.

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    -- person: signs in with e-mail and password; guest: made by an invite; local: made by the database's owner
    kind TEXT NOT NULL CHECK (kind IN ('person', 'guest', 'local')),
    name TEXT NOT NULL,
    email TEXT UNIQUE,
    password TEXT,
    password_changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE web_sessions (
    digest TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

CREATE INDEX web_sessions_of_account ON web_sessions (account_id);

CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('session', 'pat', 'guest')),
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    os TEXT NOT NULL DEFAULT '',
    arch TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    -- null is never
    expires_at BIGINT,
    revoked_at BIGINT,
    -- a session that was claimed and not used until then is void; null once it was used
    first_use_by BIGINT
);

CREATE INDEX credentials_of_account ON credentials (account_id, kind);
CREATE INDEX credentials_never_used ON credentials (first_use_by) WHERE first_use_by IS NOT NULL;
