-- What changed of a server, its sets and its mailboxes, and who said so: one row for each inventory event, written with
-- it. Holds no address. The rows of one server rise in the order of their events, since the server's row is locked.
CREATE TABLE inventory_change (
    change     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant     uuid        NOT NULL,
    server     uuid        NOT NULL,
    at         timestamptz NOT NULL,
    what       text        NOT NULL,
    agent      uuid,
    backup_set uuid,
    mailbox    uuid,
    before     text,
    after      text,
    said_by    text        NOT NULL,
    said_agent uuid,
    boot       uuid,
    sequence   bigint,
    operator   text,
    FOREIGN KEY (tenant, server) REFERENCES exchange_server (tenant, server)
);
CREATE INDEX inventory_change_server ON inventory_change (server, change);
CREATE INDEX inventory_change_at ON inventory_change (at);

ALTER TABLE inventory_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE inventory_change FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inventory_change TO ${app}
    USING (tenant = nullif(current_setting('app.tenant', true), '')::uuid)
    WITH CHECK (tenant = nullif(current_setting('app.tenant', true), '')::uuid);
CREATE POLICY fleet ON inventory_change TO ${fleet} USING (true) WITH CHECK (true);
-- What happened is never changed; only the sweeper forgets what is old.
GRANT SELECT, INSERT ON inventory_change TO ${app};
GRANT SELECT, DELETE ON inventory_change TO ${fleet};

-- Who told of the planned update, so that another agent of the same server that knows of none does not take it back.
ALTER TABLE exchange_server ADD COLUMN planned_by uuid;
