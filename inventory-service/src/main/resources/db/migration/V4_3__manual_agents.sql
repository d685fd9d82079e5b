ALTER TABLE agent
    -- Since when an operator's hands do what a program would: the agent has no credential, and its commands wait for an
    -- operator.
    ADD COLUMN manual_since timestamptz,
    ADD COLUMN manual_by    text;
ALTER TABLE agent_command
    -- The operator who did it by hand.
    ADD COLUMN confirmed_by text;
