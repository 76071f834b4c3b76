package city.madang.kit.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Set;

/**
 * What a span may say, and nothing else: no path, query, address, account, token, statement or message. The names are those of
 * OpenTelemetry's semantic conventions, where these have one.
 */
public final class SpanAttributes {

    /** {@code type} of a CloudEvent. */
    public static final AttributeKey<String> EVENT_TYPE = AttributeKey.stringKey("cloudevents.event_type");

    /** {@code id} of a CloudEvent. */
    public static final AttributeKey<String> EVENT_ID = AttributeKey.stringKey("cloudevents.event_id");

    /** {@code source} of a CloudEvent. */
    public static final AttributeKey<String> EVENT_SOURCE = AttributeKey.stringKey("cloudevents.event_source");

    /** Which system carries messages. */
    public static final AttributeKey<String> MESSAGING_SYSTEM = AttributeKey.stringKey("messaging.system");

    /** What is done with a message. */
    public static final AttributeKey<String> MESSAGING_OPERATION = AttributeKey.stringKey("messaging.operation.type");

    /** The topic. */
    public static final AttributeKey<String> MESSAGING_DESTINATION =
            AttributeKey.stringKey("messaging.destination.name");

    /** Number of a batch of payments in the payment service. */
    public static final AttributeKey<Long> SETTLEMENT_BATCH = AttributeKey.longKey("madang.settlement.batch");

    /** Payments in a batch. */
    public static final AttributeKey<Long> SETTLEMENT_SIZE = AttributeKey.longKey("madang.settlement.size");

    /** What became of a payment on the chain: {@code settled}, {@code reversed}, {@code released}. */
    public static final AttributeKey<String> SETTLEMENT_OUTCOME = AttributeKey.stringKey("madang.settlement.outcome");

    /** Hash of a transaction on the chain. */
    public static final AttributeKey<String> TRANSACTION_HASH = AttributeKey.stringKey("madang.chain.transaction_hash");

    /** Number of a block on the chain. */
    public static final AttributeKey<Long> BLOCK_NUMBER = AttributeKey.longKey("madang.chain.block_number");

    private static final Set<String> MAY_LEAVE = Set.of(
            "http.request.method",
            "http.response.status_code",
            "http.route",
            "url.scheme",
            "network.protocol.name",
            "network.protocol.version",
            "error.type",
            "exception.type",
            "code.function.name",
            EVENT_TYPE.getKey(),
            EVENT_ID.getKey(),
            EVENT_SOURCE.getKey(),
            MESSAGING_SYSTEM.getKey(),
            MESSAGING_OPERATION.getKey(),
            MESSAGING_DESTINATION.getKey(),
            SETTLEMENT_BATCH.getKey(),
            SETTLEMENT_SIZE.getKey(),
            SETTLEMENT_OUTCOME.getKey(),
            TRANSACTION_HASH.getKey(),
            BLOCK_NUMBER.getKey());

    private SpanAttributes() {}

    static Attributes cleaned(Attributes attributes) {
        return attributes.toBuilder()
                .removeIf(key -> !MAY_LEAVE.contains(key.getKey()))
                .build();
    }
}
