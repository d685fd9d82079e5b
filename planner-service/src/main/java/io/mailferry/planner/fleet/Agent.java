package io.mailferry.planner.fleet;

import io.mailferry.contracts.id.AgentId;

/** A backup agent as it calls itself. */
public record Agent(AgentId agent, String brand, String version) {}
