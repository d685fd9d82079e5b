-- Copied into the first migration of every service with a database; ${app} and ${fleet} are Flyway placeholders for the
-- service's role and its role for work across tenants.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant   uuid        NOT NULL,
    event    uuid        NOT NULL,
    topic    text        NOT NULL,
    type     text        NOT NULL,
    body     bytea       NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inbox (
    tenant   uuid        NOT NULL,
    consumer text        NOT NULL,
    event    uuid        NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event)
);
CREATE INDEX inbox_at ON inbox (at);

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outbox TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON outbox TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON outbox TO ${app};
GRANT SELECT, INSERT, DELETE ON outbox TO ${fleet};

ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inbox TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON inbox TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON inbox TO ${app};
GRANT SELECT, INSERT, DELETE ON inbox TO ${fleet};
