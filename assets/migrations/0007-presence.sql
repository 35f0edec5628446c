-- Sessions that live in a mesh now. One session, one presence; unheard for 90 seconds it is gone.

CREATE TABLE presences (
    session_id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- the credential that registered it: when that ends, so does this
    credential_id TEXT NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
    display_name TEXT NOT NULL,
    role TEXT,
    pid BIGINT NOT NULL,
    host TEXT NOT NULL,
    -- SHA-256 of the session's own token
    token_digest TEXT NOT NULL UNIQUE,
    since BIGINT NOT NULL,
    heard_at BIGINT NOT NULL
);

CREATE INDEX presences_of_mesh ON presences (mesh_id, since, session_id);
CREATE INDEX presences_of_account ON presences (account_id);
