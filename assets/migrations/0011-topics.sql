-- Named, kept conversations. Every mesh has #general (for those that exist it is made by the program), in which everybody
-- is: a row of topic_members there is only somebody's mute.

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    mesh_id TEXT NOT NULL REFERENCES meshes (id),
    name TEXT NOT NULL,
    -- what it was called before its last change
    former_name TEXT,
    about TEXT,
    is_general BIGINT NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    -- number and time of the newest message
    last_seq BIGINT NOT NULL DEFAULT 0,
    last_at BIGINT,
    deleted_at BIGINT
);

CREATE UNIQUE INDEX topics_name ON topics (mesh_id, name) WHERE deleted_at IS NULL;

CREATE TABLE topic_members (
    topic_id TEXT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    joined_at BIGINT NOT NULL,
    muted BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (topic_id, account_id)
);

CREATE INDEX topic_members_of_account ON topic_members (account_id);

-- How far a mailbox has read. Without a row: from where it began, its registration or its joining.
CREATE TABLE topic_reads (
    topic_id TEXT NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    mailbox_kind TEXT NOT NULL CHECK (mailbox_kind IN ('peer', 'member')),
    mailbox_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (topic_id, mailbox_kind, mailbox_id)
);
