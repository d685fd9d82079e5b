/** Renders the Helm chart without a cluster and checks what comes out. */
@NullMarked
package io.mailferry.deploy.chart;

import org.jspecify.annotations.NullMarked;
