/**
 * Who may call a service's REST, and what a caller is told when a call fails. A service uses it by depending on it: set
 * {@code mailferry.operators.file}, annotate each endpoint with {@code @RolesAllowed(Roles.VIEWER)} (or
 * {@code @PermitAll}; an endpoint without annotation is denied), call {@code CallerTenants.require(tenant)} before
 * anything that belongs to a tenant, and throw {@code ProblemException} for what the caller should know. Ids of contracts
 * may be path and query parameters and JSON values. It never knows what the endpoints are about.
 */
@NullMarked
package io.mailferry.access;

import org.jspecify.annotations.NullMarked;
