-- Who waits for events is looked at each second: whose credential ended lately is found by these.

CREATE INDEX credentials_ended ON credentials (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX credentials_over ON credentials (expires_at) WHERE expires_at IS NOT NULL;
