ALTER TABLE agent_command
    -- When the planner took back what the agent has begun; the agent is asked to stop with every answer.
    ADD COLUMN cancel_at         timestamptz,
    -- Since when its agent, which has begun it, reports and does not speak of it.
    ADD COLUMN unmentioned_since timestamptz,
    -- The whole command, of a type whose terms are looked at once more before it is delivered.
    ADD COLUMN terms             text;
