package city.madang.devstack.testing;

import city.madang.devstack.process.Await;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Receives spans as a collector does (OTLP 1 over HTTP, protobuf, {@code POST /v1/traces}) and keeps them. */
public final class SpanReceiver implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final HttpServer server;
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    /**
     * A span as it was received. Ids are lower-case hexadecimal; attributes as text.
     *
     * @param service {@code service.name} of the process that exported it
     * @param parent its parent's span id; empty for a root
     * @param links span ids
     */
    public record Received(
            String service,
            String name,
            String trace,
            String id,
            String parent,
            Map<String, String> attributes,
            List<String> links) {
        /** Keeps copies of its own. */
        public Received {
            attributes = Map.copyOf(attributes);
            links = List.copyOf(links);
        }
    }

    /** Listens on a free port of 127.0.0.1. */
    public SpanReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    /** Where to export to. */
    public URI address() {
        return URI.create(
                "http://127.0.0.1:%d/v1/traces".formatted(server.getAddress().getPort()));
    }

    /** What tells a service to export every span here, soon after it ended. */
    public Map<String, String> settings() {
        return Map.of(
                "madang.tracing.endpoint",
                address().toString(),
                "madang.tracing.ratio",
                "1",
                "quarkus.otel.bsp.schedule.delay",
                "100ms");
    }

    /** All that was received, in the order in which it was. */
    public List<Received> spans() {
        return List.copyOf(spans);
    }

    /** Every body as it came, for whoever searches for what must not be in it. */
    public List<byte[]> bodies() {
        return List.copyOf(bodies);
    }

    /** The first of which this holds, as soon as there is one. */
    public Received await(String what, Predicate<Received> wanted) {
        Await.until(
                what,
                SOON,
                () -> spans.stream().anyMatch(wanted),
                () -> "there are "
                        + spans.stream().map(Received::name).distinct().toList());
        return spans.stream().filter(wanted).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            bodies.add(body);
            ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::note);
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void note(ResourceSpans of) {
        String service = texts(of.getResource().getAttributesList()).getOrDefault("service.name", "");
        of.getScopeSpansList()
                .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(received(service, span))));
    }

    private static Received received(String service, Span span) {
        HexFormat hex = HexFormat.of();
        return new Received(
                service,
                span.getName(),
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                texts(span.getAttributesList()),
                span.getLinksList().stream()
                        .map(link -> hex.formatHex(link.getSpanId().toByteArray()))
                        .toList());
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, attribute -> {
            var value = attribute.getValue();
            return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
        }));
    }
}
