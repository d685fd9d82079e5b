package io.mailferry.contracts.transition;

import java.time.Instant;

/**
 * The word of a second person.
 *
 * @param operator the approver's name
 */
public record Approval(String operator, Instant at) {}
