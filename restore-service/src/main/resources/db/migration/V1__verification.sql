-- Verification jobs. Every row bears its tenant; row-level security is forced, so that not even a forgotten WHERE shows
-- one tenant another's rows. ${app} and ${fleet} are the service's role and its role for work across tenants.
CREATE TABLE verification (
    job            uuid PRIMARY KEY,
    tenant         uuid        NOT NULL,
    mailbox        uuid        NOT NULL,
    -- What was asked for; null means the newest.
    wanted         uuid,
    -- Both present when the planner asked, both absent when an operator did.
    command        uuid UNIQUE,
    server         uuid,
    expires_at     timestamptz,
    requested_at   timestamptz NOT NULL,
    state          text        NOT NULL CHECK (state IN ('queued', 'running', 'proven', 'damaged', 'failed')),
    attempts       integer     NOT NULL DEFAULT 0,
    not_before     timestamptz NOT NULL,
    lease_holder   uuid,
    lease_until    timestamptz,
    items          bigint      NOT NULL DEFAULT 0,
    bytes          bigint      NOT NULL DEFAULT 0,
    expected_items bigint      NOT NULL DEFAULT 0,
    -- The finding of a proven or damaged restore point.
    finding        jsonb,
    category       text,
    cause          text,
    finished_at    timestamptz,
    CHECK ((command IS NULL) = (server IS NULL)),
    CHECK ((state = 'running') = (lease_holder IS NOT NULL)),
    CHECK ((state IN ('proven', 'damaged')) = (finding IS NOT NULL)),
    CHECK ((state = 'failed') = (cause IS NOT NULL))
);
CREATE INDEX verification_runnable ON verification (not_before) WHERE state IN ('queued', 'running');
CREATE INDEX verification_mailbox ON verification (tenant, mailbox, requested_at DESC);

ALTER TABLE verification ENABLE ROW LEVEL SECURITY;
ALTER TABLE verification FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON verification TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON verification TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON verification TO ${app}, ${fleet};

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
