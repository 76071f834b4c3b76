/** Events between services: a transactional outbox with an ordered relay, and an inbox that makes redelivery harmless. */
@NullMarked
package city.madang.kit.events;

import org.jspecify.annotations.NullMarked;
