/**
 * Holds dashboards, rules and runbooks against the metrics that the services really have. {@link
 * io.mailferry.deploy.dashboard.DashboardQueries} and {@link io.mailferry.deploy.dashboard.PrometheusServer} are used by
 * the tests of the whole path.
 */
@NullMarked
package io.mailferry.deploy.dashboard;

import org.jspecify.annotations.NullMarked;
