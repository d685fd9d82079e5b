-- What exists. Every row bears its tenant; row-level security is forced, so that not even a forgotten WHERE shows one
-- tenant another's rows. References carry the tenant as well, because foreign keys are checked past row-level security.

CREATE TABLE tenant (
    tenant     uuid        PRIMARY KEY,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX tenant_name ON tenant (lower(name));

CREATE TABLE enrolment_token (
    token      uuid        PRIMARY KEY,
    tenant     uuid        NOT NULL REFERENCES tenant,
    sha256     text        NOT NULL UNIQUE,
    uses_left  integer     NOT NULL CHECK (uses_left >= 0),
    expires_at timestamptz NOT NULL,
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE exchange_server (
    server         uuid        PRIMARY KEY,
    tenant         uuid        NOT NULL REFERENCES tenant,
    name           text        NOT NULL,
    -- The agents' word; null while nobody could say.
    build          text,
    -- What EWS itself answered, kept beside the agents' word.
    build_observed text,
    planned_build  text,
    planned_at     timestamptz,
    -- How EWS is reached, as contracts' EwsEndpoint in JSON; null until an operator connects the server.
    endpoint       text,
    endpoint_url   text,
    discovered_at  timestamptz NOT NULL,
    UNIQUE (tenant, server)
);
CREATE UNIQUE INDEX exchange_server_name ON exchange_server (tenant, lower(name));
CREATE INDEX exchange_server_url ON exchange_server (tenant, endpoint_url);

CREATE TABLE agent (
    agent             uuid        PRIMARY KEY,
    tenant            uuid        NOT NULL REFERENCES tenant,
    name              text        NOT NULL,
    brand             text        NOT NULL,
    version           text        NOT NULL,
    credential_sha256 text        NOT NULL UNIQUE,
    enrolled_at       timestamptz NOT NULL,
    -- The gateway's side: the newest heartbeat it let in.
    seen_at           timestamptz,
    seen_boot         integer     NOT NULL DEFAULT 0,
    seen_sequence     bigint      NOT NULL DEFAULT -1,
    -- The consumer's side: the newest heartbeat that the inventory reflects.
    applied_boot      integer     NOT NULL DEFAULT 0,
    applied_sequence  bigint      NOT NULL DEFAULT -1,
    status_hash       text,
    server            uuid,
    -- This agent's own last word on the server's build, so that two agents of one server do not contradict each other
    -- into an event with every heartbeat.
    server_build      text,
    UNIQUE (tenant, agent),
    FOREIGN KEY (tenant, server) REFERENCES exchange_server (tenant, server)
);
CREATE INDEX agent_tenant ON agent (tenant);

-- The boots of an agent in the order in which the gateway met them: a boot that was followed by another one may not
-- come back, which is how clones and replays are told from restarts.
CREATE TABLE agent_boot (
    tenant     uuid        NOT NULL,
    agent      uuid        NOT NULL,
    boot       uuid        NOT NULL,
    ordinal    integer     NOT NULL,
    first_seen timestamptz NOT NULL,
    PRIMARY KEY (agent, boot),
    UNIQUE (agent, ordinal),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, agent)
);

CREATE TABLE backup_set (
    backup_set        uuid        PRIMARY KEY,
    tenant            uuid        NOT NULL,
    agent             uuid        NOT NULL,
    server            uuid        NOT NULL,
    ref               text        NOT NULL,
    name              text        NOT NULL,
    mode              text        NOT NULL,
    schedule_enabled  boolean     NOT NULL,
    retention_enabled boolean     NOT NULL,
    quota_bytes       bigint      NOT NULL,
    used_bytes        bigint      NOT NULL,
    last_job_at       timestamptz,
    last_job_outcome  text,
    -- False when the agent's newest status no longer lists it.
    present           boolean     NOT NULL DEFAULT true,
    discovered_at     timestamptz NOT NULL,
    UNIQUE (tenant, backup_set),
    UNIQUE (agent, ref),
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, agent),
    FOREIGN KEY (tenant, server) REFERENCES exchange_server (tenant, server)
);
CREATE INDEX backup_set_tenant ON backup_set (tenant);

CREATE TABLE mailbox (
    mailbox       uuid        PRIMARY KEY,
    tenant        uuid        NOT NULL,
    server        uuid        NOT NULL,
    -- Null for a mailbox that an operator registered by its address, until an agent reports that address.
    exchange_guid uuid,
    -- Sealed by the tenant's directory key; the plain address is nowhere in this database.
    address       text        NOT NULL CHECK (position('@' IN address) = 0),
    discovered_at timestamptz NOT NULL,
    UNIQUE (tenant, mailbox),
    FOREIGN KEY (tenant, server) REFERENCES exchange_server (tenant, server)
);
CREATE UNIQUE INDEX mailbox_guid ON mailbox (tenant, exchange_guid) WHERE exchange_guid IS NOT NULL;
CREATE UNIQUE INDEX mailbox_by_hand ON mailbox (server, address) WHERE exchange_guid IS NULL;
CREATE INDEX mailbox_address ON mailbox (tenant, address);

-- A mailbox is in the MAPI set and in the EWS set at the same time for a while; each set has its own figures.
CREATE TABLE backup_set_mailbox (
    tenant     uuid   NOT NULL,
    backup_set uuid   NOT NULL,
    mailbox    uuid   NOT NULL,
    items      bigint NOT NULL,
    bytes      bigint NOT NULL,
    PRIMARY KEY (backup_set, mailbox),
    FOREIGN KEY (tenant, backup_set) REFERENCES backup_set (tenant, backup_set),
    FOREIGN KEY (tenant, mailbox) REFERENCES mailbox (tenant, mailbox)
);
CREATE INDEX backup_set_mailbox_mailbox ON backup_set_mailbox (mailbox);

CREATE TABLE agent_command (
    command      uuid        PRIMARY KEY,
    tenant       uuid        NOT NULL,
    agent        uuid        NOT NULL,
    server       uuid        NOT NULL,
    type         text        NOT NULL,
    payload      text        NOT NULL,
    state        text        NOT NULL,
    attempt      integer     NOT NULL DEFAULT 1,
    percent      integer     NOT NULL DEFAULT 0,
    category     text,
    cause        text,
    expires_at   timestamptz NOT NULL,
    queued_at    timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    FOREIGN KEY (tenant, agent) REFERENCES agent (tenant, agent)
);
CREATE INDEX agent_command_open ON agent_command (agent, queued_at)
    WHERE state IN ('QUEUED', 'DELIVERED', 'ACCEPTED', 'RUNNING');

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

DO $rls$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['tenant', 'enrolment_token', 'exchange_server', 'agent', 'agent_boot', 'backup_set',
      'mailbox', 'backup_set_mailbox', 'agent_command', 'outbox', 'inbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO ${app}
        USING (tenant = nullif(current_setting(''app.tenant'', true), '''')::uuid)
        WITH CHECK (tenant = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name);
    EXECUTE format('CREATE POLICY fleet ON %I TO ${fleet} USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO ${app}, ${fleet}', name);
  END LOOP;
END
$rls$;

-- Each role can do what its work needs and no more.
REVOKE UPDATE, DELETE ON tenant, exchange_server, mailbox, backup_set, agent_command, outbox, inbox FROM ${app}, ${fleet};
GRANT UPDATE ON exchange_server, mailbox, backup_set, agent_command TO ${app};
GRANT DELETE ON outbox, inbox TO ${fleet};
