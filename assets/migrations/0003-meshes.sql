-- Named groups of peers, and who belongs to them.

CREATE TABLE meshes (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES accounts (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    -- lower case, without marks: what `q` is compared with
    name_folded TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);

CREATE UNIQUE INDEX meshes_slug ON meshes (owner_id, slug) WHERE archived_at IS NULL;

CREATE TABLE memberships (
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    membership TEXT NOT NULL CHECK (membership IN ('owner', 'admin', 'member')),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (mesh_id, account_id)
);

CREATE INDEX memberships_of_account ON memberships (account_id, joined_at, mesh_id);
