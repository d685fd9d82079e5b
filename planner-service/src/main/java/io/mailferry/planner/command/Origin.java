package io.mailferry.planner.command;

import io.mailferry.contracts.id.PlanId;

/** The step that wanted a command; one that an operator asked for has none. */
public record Origin(PlanId plan, String step) {}
