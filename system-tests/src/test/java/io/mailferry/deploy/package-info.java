/** Holds what lies in {@code deploy/} against Kubernetes' models, the contracts and the services; never needs a cluster. */
@NullMarked
package io.mailferry.deploy;

import org.jspecify.annotations.NullMarked;
