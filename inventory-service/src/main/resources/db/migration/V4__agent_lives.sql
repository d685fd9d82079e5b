-- An agent's life: its credential is renewed, voided and bound anew, and never is the agent itself replaced by that.
ALTER TABLE agent
    -- Null: the credential does not expire.
    ADD COLUMN credential_expires_at          timestamptz,
    -- The credential that the present one renews. Good until the present one was first used, so that an answer which
    -- did not arrive locks nobody out.
    ADD COLUMN previous_credential_sha256     text UNIQUE,
    ADD COLUMN previous_credential_expires_at timestamptz,
    ADD COLUMN revoked_at                     timestamptz,
    -- When a boot that was followed by another one came back: two agents use the credential.
    ADD COLUMN cloned_at                      timestamptz;

ALTER TABLE enrolment_token
    -- Null for a token that makes new agents. A token with an agent renews that one and makes none.
    ADD COLUMN agent      uuid,
    ADD COLUMN revoked_at timestamptz,
    ADD FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, agent);
CREATE INDEX enrolment_token_tenant ON enrolment_token (tenant);
