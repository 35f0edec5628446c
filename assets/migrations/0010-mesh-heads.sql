-- What a mesh counts by, and by what its members and peers are addressed. Times are milliseconds since 1970.

-- One row a mesh, made with it (for those that exist by the program, which has random numbers). Its lock orders all that is
-- said: whoever takes a number holds it until the commit.
CREATE TABLE mesh_heads (
    mesh_id TEXT PRIMARY KEY REFERENCES meshes (id),
    -- random: another one means another history, and readers begin anew
    epoch TEXT NOT NULL,
    -- of messages, without gaps
    seq BIGINT NOT NULL,
    -- of every message, receipt step, hold, kick, ban and end
    change BIGINT NOT NULL
);

-- whose first message waits until it is let in: nobody's, a stranger's, everybody's
ALTER TABLE meshes ADD COLUMN first_contact TEXT NOT NULL DEFAULT 'vouched'
    CHECK (first_contact IN ('open', 'vouched', 'ask'));

-- null for no longer than a migration: the program makes those of members who were there before
ALTER TABLE memberships ADD COLUMN handle TEXT;
-- null: as the mesh has it
ALTER TABLE memberships ADD COLUMN first_contact TEXT CHECK (first_contact IN ('ask'));
-- 1: in contact with all who have 1 too: owners, admins, who was invited singly, and everybody who was there before
ALTER TABLE memberships ADD COLUMN vouched BIGINT NOT NULL DEFAULT 0;
ALTER TABLE memberships ADD COLUMN invited_by TEXT REFERENCES accounts (id);
ALTER TABLE memberships ADD COLUMN invite_id TEXT REFERENCES invites (id);
-- what may wake any of their sessions; of this and the session's own the narrower holds
ALTER TABLE memberships ADD COLUMN attention TEXT NOT NULL DEFAULT 'open'
    CHECK (attention IN ('open', 'focus', 'quiet'));
ALTER TABLE memberships ADD COLUMN attention_until BIGINT;

UPDATE memberships SET vouched = 1;

CREATE UNIQUE INDEX memberships_handle ON memberships (mesh_id, handle);

-- A peer is kept for seven days after it was last heard: its mailbox, its handle, its id.
ALTER TABLE presences ADD COLUMN handle TEXT NOT NULL DEFAULT '';
ALTER TABLE presences ADD COLUMN directory TEXT;
ALTER TABLE presences ADD COLUMN receives TEXT NOT NULL DEFAULT 'nothing'
    CHECK (receives IN ('wake', 'turn', 'look', 'nothing'));
-- words with spaces between them; null is all
ALTER TABLE presences ADD COLUMN can TEXT;
ALTER TABLE presences ADD COLUMN lane TEXT;
ALTER TABLE presences ADD COLUMN status TEXT NOT NULL DEFAULT 'unknown'
    CHECK (status IN ('idle', 'working', 'asking', 'deaf', 'unknown'));
ALTER TABLE presences ADD COLUMN status_at BIGINT NOT NULL DEFAULT 0;
-- the tool it asks its person about
ALTER TABLE presences ADD COLUMN asks TEXT;
-- in force, and what its person chose, which a model never goes beyond
ALTER TABLE presences ADD COLUMN attention TEXT NOT NULL DEFAULT 'open'
    CHECK (attention IN ('open', 'focus', 'quiet'));
ALTER TABLE presences ADD COLUMN attention_chosen TEXT NOT NULL DEFAULT 'open'
    CHECK (attention_chosen IN ('open', 'focus', 'quiet'));
ALTER TABLE presences ADD COLUMN attention_until BIGINT;
-- when it said that it ends, or was ended; null while it lives or fell silent
ALTER TABLE presences ADD COLUMN gone_at BIGINT;

UPDATE presences SET status_at = since;

CREATE INDEX presences_by_handle ON presences (mesh_id, handle);

-- Sessions' tokens that are over, and why: each is told so for as long as its session would be kept; a kick stays.
CREATE TABLE ended_tokens (
    token_digest TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    session_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reason TEXT NOT NULL CHECK (reason IN ('kicked', 'moved', 'banned', 'removed')),
    by_id TEXT REFERENCES accounts (id),
    ended_at BIGINT NOT NULL
);

CREATE INDEX ended_tokens_of_account ON ended_tokens (account_id, mesh_id);
