-- Who may say what: what a member lets another do, keys of scripts, and who may not come back.

-- A row stands above what the mesh's first_contact and both memberships' `vouched` say.
CREATE TABLE grants (
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    -- who lets
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- whom
    other_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- held: asks and was neither let in nor refused
    state TEXT NOT NULL CHECK (state IN ('open', 'held', 'refused', 'blocked')),
    can_dm BIGINT NOT NULL DEFAULT 0,
    can_broadcast BIGINT NOT NULL DEFAULT 0,
    how TEXT CHECK (how IN ('invite', 'vouched', 'let_in', 'wrote')),
    since BIGINT NOT NULL,
    -- a day after it one may ask again
    refused_at BIGINT,
    PRIMARY KEY (mesh_id, account_id, other_id)
);

CREATE INDEX grants_to ON grants (mesh_id, other_id);

CREATE TABLE mesh_keys (
    id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    label TEXT NOT NULL,
    -- SHA-256 of the secret
    digest TEXT NOT NULL UNIQUE,
    -- words with spaces between them
    can TEXT NOT NULL,
    -- 1: for the topics of key_topics alone, though none of them be left
    of_topics BIGINT NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE INDEX mesh_keys_of_mesh ON mesh_keys (mesh_id, created_at, id);
CREATE INDEX mesh_keys_of_account ON mesh_keys (created_by, mesh_id);

CREATE TABLE key_topics (
    key_id TEXT NOT NULL REFERENCES mesh_keys (id) ON DELETE CASCADE,
    topic_id TEXT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    PRIMARY KEY (key_id, topic_id)
);

CREATE TABLE bans (
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    by_id TEXT NOT NULL REFERENCES accounts (id),
    banned_at BIGINT NOT NULL,
    PRIMARY KEY (mesh_id, account_id)
);

-- Kicks, bans and ends, for readers that wait: what a change was that is neither a message nor a receipt.
CREATE TABLE mesh_changes (
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    change BIGINT NOT NULL,
    -- peer.kicked, member.banned, member.removed …
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    by_id TEXT,
    detail TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (mesh_id, change)
);
