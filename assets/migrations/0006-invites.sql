-- Links that let somebody into a mesh. The code is kept, since those who may invite see it again.

CREATE TABLE invites (
    id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    inviter_id TEXT NOT NULL REFERENCES accounts (id),
    code TEXT NOT NULL UNIQUE,
    email TEXT,
    membership TEXT NOT NULL CHECK (membership IN ('admin', 'member')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    max_uses BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    revoked_at BIGINT,
    -- when a mail with it was handed over
    emailed_at BIGINT
);

CREATE INDEX invites_of_mesh ON invites (mesh_id, created_at, id);
