package io.mailferry.planner.command;

/** A command that has just ended, which its plan must hear of. */
public record Settled(Command command, CommandState.Ended ending) {}
