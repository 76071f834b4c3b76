package city.madang.records.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.problem.CommonProblem;
import city.madang.tlog.tree.Hashes;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agency wants logged: hashes, never what they are of. An entry is canonical JSON (RFC 8785) of commitment, time and type.
 *
 * @param digest SHA-256 over all of it
 */
record Commitments(List<Commitment> list, byte[] digest) {

    private static final java.util.regex.Pattern TYPE = java.util.regex.Pattern.compile(Commitment.TYPE_FORM);
    private static final java.util.regex.Pattern HASH = java.util.regex.Pattern.compile(Commitment.HASH_FORM);

    /** What an operation takes, for the document of the interface. */
    record Body(@Size(min = 1, max = LogLimits.BATCH_ENTRIES) List<Commitment> entries) {}

    /**
     * @param type what kind of thing is committed to
     * @param commitment a salted hash, hex: nobody may find out by trying what it is of
     */
    record Commitment(@Pattern(regexp = TYPE_FORM) String type, @Pattern(regexp = HASH_FORM) String commitment) {

        static final String TYPE_FORM = "[a-z][a-z0-9-]{0,63}";
        static final String HASH_FORM = "[0-9a-f]{64}";
    }

    static Commitments read(JsonNode body) {
        JsonNode entries = body.path("entries");
        if (!body.isObject() || body.size() != 1 || !entries.isArray()) {
            throw CommonProblem.INVALID_REQUEST.with("the body is {\"entries\": [...]}");
        }
        if (entries.isEmpty() || entries.size() > LogLimits.BATCH_ENTRIES) {
            throw CommonProblem.INVALID_REQUEST.with("a batch has 1 to " + LogLimits.BATCH_ENTRIES + " entries");
        }
        List<Commitment> list = new ArrayList<>(entries.size());
        StringBuilder all = new StringBuilder();
        for (JsonNode entry : entries) {
            Commitment commitment = new Commitment(
                    entry.path("type").asText(), entry.path("commitment").asText());
            if (entry.size() != 2
                    || !entry.path("type").isTextual()
                    || !TYPE.matcher(commitment.type()).matches()
                    || !entry.path("commitment").isTextual()
                    || !HASH.matcher(commitment.commitment()).matches()) {
                throw CommonProblem.INVALID_REQUEST.with("entry " + list.size()
                        + " is not {\"type\": a slug of at most 64, \"commitment\": 64 lower-case hexadecimal digits}");
            }
            list.add(commitment);
            all.append(commitment.type())
                    .append(' ')
                    .append(commitment.commitment())
                    .append('\n');
        }
        return new Commitments(
                list,
                Hashes.of(
                        ByteBuffer.allocate(Integer.BYTES).putInt(list.size()).array(),
                        all.toString().getBytes(UTF_8)));
    }

    /** The members in the order of RFC 8785; none of them needs escaping. */
    List<byte[]> entries(Instant time) {
        String middle = "\",\"time\":\"" + time + "\",\"type\":\"";
        List<byte[]> entries = new ArrayList<>(list.size());
        for (Commitment one : list) {
            entries.add(("{\"commitment\":\"" + one.commitment() + middle + one.type() + "\"}").getBytes(UTF_8));
        }
        return entries;
    }
}
