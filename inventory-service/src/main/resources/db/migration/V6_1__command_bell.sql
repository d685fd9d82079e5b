-- Tells every replica of the gateway, once it is committed, that there is something to say to an agent, so that one that
-- waits for its answer has it at once whichever replica it waits at. The notice is the agent's id and no more.
CREATE FUNCTION ring_for_agent() RETURNS trigger LANGUAGE plpgsql AS $ring$
BEGIN
    PERFORM pg_notify('mailferry_inventory_agent_command', NEW.agent::text);
    RETURN NULL;
END
$ring$;
CREATE TRIGGER agent_command_rings AFTER INSERT OR UPDATE OF state, cancel_at ON agent_command FOR EACH ROW
    WHEN (NEW.state IN ('QUEUED', 'CANCELLED', 'FAILED', 'EXPIRED', 'LOST') OR NEW.cancel_at IS NOT NULL)
    EXECUTE FUNCTION ring_for_agent();
