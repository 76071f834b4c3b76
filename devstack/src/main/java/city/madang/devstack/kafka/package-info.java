/** The event broker: one Kafka node in KRaft mode, in a JVM of its own so that its libraries meet nobody else's. */
@NullMarked
package city.madang.devstack.kafka;

import org.jspecify.annotations.NullMarked;
