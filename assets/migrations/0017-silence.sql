-- When it was told of a session that it fell silent; null while it is heard. Of those that fell silent before, nothing is told.
ALTER TABLE presences ADD COLUMN silent_at BIGINT;

UPDATE presences SET silent_at = heard_at WHERE gone_at IS NULL;

CREATE INDEX presences_heard ON presences (heard_at) WHERE gone_at IS NULL AND silent_at IS NULL;
-- Who waits with a key is looked at each second, as with credentials.
CREATE INDEX mesh_keys_over ON mesh_keys (expires_at) WHERE expires_at IS NOT NULL;
