package city.madang.payment.settlement;

import city.madang.contracts.Bytes32;
import city.madang.contracts.SettlementReceipt;
import city.madang.kit.tracing.SpanAttributes;
import city.madang.kit.tracing.Traceparent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A batch settles payments of many requests: it has a trace of its own, linked with each of theirs, and in the trace of each payment
 * there is a span from its acceptance to its booking, linked with the batch.
 */
@ApplicationScoped
class SettlementSpans {

    private final Tracer tracer;

    SettlementSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /**
     * Spans that begin before the booking, because its events tell of them, and end after it.
     *
     * @param batch the batch, whose items are within their spans
     */
    record Begun(Batch batch, List<Span> spans) {
        Begun {
            spans = List.copyOf(spans);
        }

        void end() {
            spans.forEach(Span::end);
        }
    }

    Begun begin(Batch batch, Map<Bytes32, Fate> fates, SettlementReceipt receipt) {
        List<SpanContext> requests = batch.items().stream()
                .map(item -> Span.fromContext(Traceparent.context(item.traceparent()))
                        .getSpanContext())
                .toList();
        SpanBuilder builder = about(tracer.spanBuilder("settle batch"), batch, receipt)
                .setNoParent()
                .setAttribute(
                        SpanAttributes.SETTLEMENT_SIZE, (long) batch.items().size());
        batch.items().stream()
                .map(Batch.Item::accepted)
                .min(Comparator.naturalOrder())
                .ifPresent(builder::setStartTimestamp);
        requests.stream().filter(SpanContext::isValid).forEach(builder::addLink);
        Span whole = builder.startSpan();
        List<Span> spans = new ArrayList<>(List.of(whole));
        List<Batch.Item> items = new ArrayList<>();
        for (Batch.Item item : batch.items()) {
            if (item.traceparent() == null) {
                items.add(item);
                continue;
            }
            Fate fate = fates.getOrDefault(item.id(), new Fate.Released());
            Span span = about(tracer.spanBuilder("settle payment"), batch, receipt)
                    .setParent(Traceparent.context(item.traceparent()))
                    .setStartTimestamp(item.accepted())
                    .addLink(whole.getSpanContext())
                    .setAttribute(SpanAttributes.SETTLEMENT_OUTCOME, outcome(fate))
                    .startSpan();
            spans.add(span);
            items.add(item.within(Traceparent.of(span.getSpanContext())));
        }
        return new Begun(new Batch(batch.id(), batch.hashes(), items), spans);
    }

    private static SpanBuilder about(SpanBuilder span, Batch batch, SettlementReceipt receipt) {
        return span.setSpanKind(SpanKind.INTERNAL)
                .setAttribute(SpanAttributes.SETTLEMENT_BATCH, batch.id())
                .setAttribute(SpanAttributes.TRANSACTION_HASH, receipt.transactionHash())
                .setAttribute(SpanAttributes.BLOCK_NUMBER, receipt.blockNumber());
    }

    private static String outcome(Fate fate) {
        return switch (fate) {
            case Fate.Settled _ -> "settled";
            case Fate.Reversed _ -> "reversed";
            case Fate.Released _ -> "released";
        };
    }
}
