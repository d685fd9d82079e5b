-- What the sweep last found of each agent, so that each turn is told once.
ALTER TABLE agent
    ADD COLUMN presence          text    NOT NULL DEFAULT 'NEW',
    -- Whether the present silence was told of this agent by itself, and not by its fleet's.
    ADD COLUMN silence_told      boolean NOT NULL DEFAULT false,
    -- The heartbeat with which it began to return; it has returned with a later one.
    ADD COLUMN returning_seen_at timestamptz;

CREATE TABLE fleet_presence (
    tenant       uuid        PRIMARY KEY REFERENCES tenant,
    -- A gap here is a time in which no agent could report, since this service was away.
    swept_at     timestamptz NOT NULL,
    -- Null while the fleet is not silent as a whole.
    silent_since timestamptz
);
ALTER TABLE fleet_presence ENABLE ROW LEVEL SECURITY;
ALTER TABLE fleet_presence FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fleet_presence TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON fleet_presence TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON fleet_presence TO ${app};
GRANT SELECT ON fleet_presence TO ${fleet};
