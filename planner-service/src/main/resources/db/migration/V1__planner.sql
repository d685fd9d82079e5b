-- planner-service from the first row on: every table bears its tenant and forces row-level security. ${app} is the
-- service's login, which owns nothing and sees the rows of app.tenant only; ${fleet} is the role for work across tenants.

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

-- The fleet as inventory-service tells it. A server that is known by its id only has no name yet.
CREATE TABLE server (
    server        uuid PRIMARY KEY,
    tenant        uuid NOT NULL,
    name          text NOT NULL DEFAULT '',
    build         text,
    endpoint      jsonb,
    planned_build text,
    planned_at    timestamptz
);
CREATE INDEX server_tenant ON server (tenant);

CREATE TABLE agent (
    agent   uuid PRIMARY KEY,
    tenant  uuid NOT NULL,
    server  uuid NOT NULL REFERENCES server,
    brand   text NOT NULL,
    version text NOT NULL
);
CREATE INDEX agent_server ON agent (server);

CREATE TABLE backup_set (
    backup_set        uuid PRIMARY KEY,
    tenant            uuid    NOT NULL,
    server            uuid    NOT NULL REFERENCES server,
    agent             uuid    NOT NULL,
    name              text    NOT NULL,
    mode              text    NOT NULL,
    schedule_enabled  boolean NOT NULL,
    retention_enabled boolean NOT NULL,
    quota_bytes       bigint  NOT NULL,
    used_bytes        bigint  NOT NULL,
    mailboxes         integer NOT NULL
);
CREATE INDEX backup_set_server ON backup_set (server);

CREATE TABLE mailbox (
    mailbox       uuid PRIMARY KEY,
    tenant        uuid   NOT NULL,
    server        uuid   NOT NULL REFERENCES server,
    address       text   NOT NULL,
    exchange_guid uuid,
    items         bigint NOT NULL,
    bytes         bigint NOT NULL
);
CREATE INDEX mailbox_server ON mailbox (server);

-- A mailbox is in its MAPI set and, later, in the EWS set beside it.
CREATE TABLE membership (
    backup_set uuid NOT NULL,
    mailbox    uuid NOT NULL,
    tenant     uuid NOT NULL,
    PRIMARY KEY (backup_set, mailbox)
);

-- The newest restore point heard of, by log number: a mailbox log that ends before it was rolled back.
CREATE TABLE head (
    mailbox       uuid PRIMARY KEY,
    tenant        uuid        NOT NULL,
    log_number    bigint      NOT NULL,
    restore_point uuid        NOT NULL,
    complete      boolean     NOT NULL,
    items         bigint      NOT NULL,
    skipped       bigint      NOT NULL,
    sealed_bytes  bigint      NOT NULL,
    at            timestamptz NOT NULL
);

CREATE TABLE verdict (
    backup_set uuid PRIMARY KEY,
    tenant     uuid        NOT NULL,
    server     uuid        NOT NULL,
    risk       text        NOT NULL,
    rule       text        NOT NULL,
    facts      jsonb       NOT NULL,
    sentence   text        NOT NULL,
    asks       text,
    since      timestamptz NOT NULL
);
CREATE INDEX verdict_tenant ON verdict (tenant);

CREATE TABLE plan (
    plan       uuid PRIMARY KEY,
    tenant     uuid        NOT NULL,
    server     uuid        NOT NULL,
    backup_set uuid        NOT NULL,
    made_at    timestamptz NOT NULL,
    state      text        NOT NULL,
    since      timestamptz NOT NULL,
    questions  jsonb       NOT NULL
);
CREATE UNIQUE INDEX plan_one_active ON plan (backup_set) WHERE state NOT IN ('DONE', 'WITHDRAWN');
CREATE INDEX plan_server ON plan (server);
CREATE INDEX plan_tenant ON plan (tenant);

CREATE TABLE step (
    plan     uuid        NOT NULL REFERENCES plan,
    step     text        NOT NULL,
    tenant   uuid        NOT NULL,
    position integer     NOT NULL,
    state    text        NOT NULL,
    since    timestamptz NOT NULL,
    attempts integer     NOT NULL,
    command  uuid,
    due      timestamptz,
    word     text,
    category text,
    outcome  jsonb,
    PRIMARY KEY (plan, step)
);
CREATE INDEX step_due ON step (due) WHERE due IS NOT NULL;

CREATE TABLE command (
    command        uuid PRIMARY KEY,
    tenant         uuid        NOT NULL,
    server         uuid        NOT NULL,
    mailbox        uuid,
    plan           uuid,
    step           text,
    type           text        NOT NULL,
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    state          text        NOT NULL,
    since          timestamptz NOT NULL,
    heard_at       timestamptz,
    overdue_at     timestamptz,
    items          bigint      NOT NULL DEFAULT 0,
    bytes          bigint      NOT NULL DEFAULT 0,
    expected_items bigint      NOT NULL DEFAULT 0,
    word           text,
    category       text,
    outcome        jsonb
);
CREATE INDEX command_overdue ON command (overdue_at) WHERE overdue_at IS NOT NULL;
CREATE INDEX command_plan ON command (plan);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['outbox', 'inbox', 'server', 'agent', 'backup_set', 'mailbox', 'membership', 'head',
                                'verdict', 'plan', 'step', 'command'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO ${app}
            USING (tenant = nullif(current_setting(''app.tenant'', true), '''')::uuid)
            WITH CHECK (tenant = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name);
        EXECUTE format('CREATE POLICY fleet ON %I TO ${fleet} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO ${app}', name);
        EXECUTE format('GRANT SELECT ON %I TO ${fleet}', name);
        IF name NOT IN ('outbox', 'inbox', 'membership') THEN
            EXECUTE format('GRANT UPDATE ON %I TO ${app}', name);
        END IF;
    END LOOP;
END
$$;

-- The relay and the sweeper of the inbox work across tenants; nothing else writes there.
GRANT INSERT, DELETE ON outbox, inbox TO ${fleet};
