package city.madang.journey;

import city.madang.devstack.stack.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Searches where nothing personal may be: every log, every event as the broker keeps it, every metric, every span, the handovers
 * between services, every address that was asked for or redirected to, and what the identity service keeps. Finds a value as it is, escaped for JSON or a URL, in hexadecimal and in base64.
 */
final class PersonalTraces {

    private static final List<String> SERVICES =
            List.of("identity-service", "payment-service", "records-service", "gateway");

    /**
     * What may be personal in the identity service's tables: claims of an offer that waits for its holder, what was learnt at a
     * sign-in, for as long as the wallet may refresh what it granted, and values by which an agency asks, until its request has
     * ended. Answers are kept encrypted.
     */
    private static final Map<String, String> KEPT = Map.of(
            "credential_offer", "case when t.state in ('offered', 'redeemed') then '{}' else to_jsonb(t) end",
            "wallet_grant", "to_jsonb(t) - 'sign_in_claims'",
            "presentation", "case when t.state = 'requested' then to_jsonb(t) - 'dcql_query' else to_jsonb(t) end");

    /** Offsets and times alone; preallocated, so most of what the broker has on the disk. */
    private static final List<String> NOTHING_BUT_OFFSETS = List.of(".index", ".timeindex");

    /** Bytes of a form by which it is looked for: no form is shorter. */
    private static final int PREFIX = 4;

    private final Set<String> forms = new LinkedHashSet<>();

    /** The same by their first bytes, so that each content is gone through once. */
    private final Map<Integer, List<byte[]>> byPrefix = new HashMap<>();

    PersonalTraces(List<String> values) {
        for (String value : values) {
            forms.add(value);
            forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
            forms.add(escaped(value));
            forms.add(HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)));
            base64(value);
        }
        for (String form : forms) {
            byte[] bytes = bytes(form);
            byPrefix.computeIfAbsent(prefix(bytes, 0), first -> new ArrayList<>())
                    .add(bytes);
        }
    }

    /** Where which form was found; empty if nowhere. */
    List<String> in(Stack stack, Path state) {
        List<String> found = new ArrayList<>();
        for (String place : List.of("logs", "data/kafka", "data/handover")) {
            files(state.resolve(place))
                    .forEach(file -> search(read(file), state.relativize(file).toString(), found));
        }
        for (String service : SERVICES) {
            URI metrics = stack.service(service).management().resolve("/q/metrics");
            search(get(metrics), service + " metrics", found);
        }
        TestStack.spans().bodies().forEach(exported -> search(exported, "spans", found));
        for (Wire.Head head : TestStack.wire().heads()) {
            search(bytes(head.address()), "address of " + head.first().split(" ")[0], found);
        }
        for (String table : IdentityDatabase.tables()) {
            String content = KEPT.getOrDefault(table, "to_jsonb(t)");
            for (String row : IdentityDatabase.column("select (" + content + ")::text from " + table + " t")) {
                search(bytes(row), "table " + table, found);
            }
        }
        return found.stream().distinct().toList();
    }

    /** So that a search that reads nothing does not pass for one that finds nothing. */
    boolean finds(Path file) {
        List<String> found = new ArrayList<>();
        search(read(file), file.toString(), found);
        return !found.isEmpty();
    }

    private void search(byte[] content, String place, List<String> found) {
        for (int at = 0; at + PREFIX <= content.length; at++) {
            for (byte[] form : byPrefix.getOrDefault(prefix(content, at), List.of())) {
                int end = at + form.length;
                if (end <= content.length && Arrays.equals(content, at, end, form, 0, form.length)) {
                    found.add(place + " holds " + new String(form, StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static int prefix(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 24)
                | ((bytes[at + 1] & 0xff) << 16)
                | ((bytes[at + 2] & 0xff) << 8)
                | (bytes[at + 3] & 0xff);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String value) {
        StringBuilder text = new StringBuilder();
        value.chars().forEach(unit -> {
            if (unit < 0x80) {
                text.append((char) unit);
            } else {
                text.append(String.format("\\u%04x", unit));
            }
        });
        return text.toString();
    }

    /** What is inside the base64 of a longer text, at each of the three alignments, without the edges. */
    private void base64(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String whole = Base64.getUrlEncoder().withoutPadding().encodeToString(shifted);
            int from = offset == 0 ? 0 : offset + 1;
            int to = whole.length() - (shifted.length % 3 == 0 ? 0 : 1);
            if (to - from >= 8) {
                String inside = whole.substring(from, to);
                forms.add(inside);
                forms.add(inside.replace('-', '+').replace('_', '/'));
            }
        }
    }

    private static List<Path> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> NOTHING_BUT_OFFSETS.stream()
                            .noneMatch(end -> file.toString().endsWith(end)))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (java.nio.file.NoSuchFileException rotated) {
            return new byte[0];
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static byte[] get(URI address) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new JourneyFailed(address + " answered " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }
}
