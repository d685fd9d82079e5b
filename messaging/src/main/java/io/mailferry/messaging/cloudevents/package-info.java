/** How an event looks on Kafka: CloudEvents 1.0 in binary mode with a JSON body. Reading never throws on what somebody else wrote. */
@NullMarked
package io.mailferry.messaging.cloudevents;

import org.jspecify.annotations.NullMarked;
