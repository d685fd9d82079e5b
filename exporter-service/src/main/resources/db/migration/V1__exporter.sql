-- Export jobs and their leases, and the slots that bound how many mailboxes of one Exchange server are read at a time.
-- Every row bears its tenant; row-level security is forced, so that not even a forgotten WHERE crosses tenants.

CREATE TABLE job (
    job            uuid        PRIMARY KEY,
    tenant         uuid        NOT NULL,
    server         uuid        NOT NULL,
    mailbox        uuid        NOT NULL,
    command        uuid        NOT NULL UNIQUE,
    -- Sealed by the tenant's directory key; never in clear here.
    address        text        NOT NULL,
    -- contracts' EwsEndpoint in JSON; names credentials, never holds them.
    endpoint       text        NOT NULL,
    requested_at   timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    state          text        NOT NULL CHECK (state IN ('waiting', 'running', 'succeeded', 'failed', 'expired')),
    not_before     timestamptz NOT NULL,
    lease          uuid,
    lease_until    timestamptz,
    turns          integer     NOT NULL DEFAULT 0,
    -- Turns in a row in which not one page was stored; what bounds repetition.
    turns_in_vain  integer     NOT NULL DEFAULT 0,
    items          bigint      NOT NULL DEFAULT 0,
    bytes          bigint      NOT NULL DEFAULT 0,
    expected_items bigint      NOT NULL DEFAULT 0,
    skipped        bigint      NOT NULL DEFAULT 0,
    outcome        text,
    category       text,
    cause          text,
    finished_at    timestamptz,
    CHECK ((state = 'running') = (lease IS NOT NULL))
);
-- One worker for a mailbox; the archive would refuse a second one's pages, this spares the work.
CREATE UNIQUE INDEX job_running ON job (mailbox) WHERE state = 'running';
CREATE INDEX job_open ON job (not_before) WHERE state IN ('waiting', 'running');
CREATE INDEX job_mailbox ON job (tenant, mailbox, requested_at);

-- How many mailboxes of a server may be read at a time just now.
CREATE TABLE server_pace (
    server     uuid        PRIMARY KEY,
    tenant     uuid        NOT NULL,
    width      integer     NOT NULL CHECK (width >= 1),
    changed_at timestamptz NOT NULL,
    -- The server asked to be left alone until then.
    held_until timestamptz,
    -- The build that EWS answered last, so that only a new one is told.
    build      text
);

CREATE TABLE slot (
    server      uuid        NOT NULL REFERENCES server_pace,
    number      integer     NOT NULL CHECK (number >= 1),
    tenant      uuid        NOT NULL,
    lease       uuid,
    lease_until timestamptz,
    PRIMARY KEY (server, number)
);

ALTER TABLE job ENABLE ROW LEVEL SECURITY;
ALTER TABLE job FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON job TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON job TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON job TO ${app}, ${fleet};

ALTER TABLE server_pace ENABLE ROW LEVEL SECURITY;
ALTER TABLE server_pace FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON server_pace TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON server_pace TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON server_pace TO ${app}, ${fleet};

ALTER TABLE slot ENABLE ROW LEVEL SECURITY;
ALTER TABLE slot FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON slot TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON slot TO ${fleet} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON slot TO ${app}, ${fleet};

-- Outbox and inbox, as messaging wants them.
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
