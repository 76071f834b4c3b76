package city.madang.identity.status;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.jose.Base64Url;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One own list as a process holds it: its values, the last change that it knows of, and what was signed. Safe for use by several
 * threads at once.
 */
final class PublishedList {

    private static final int TAG_BYTES = 16;

    private final StatusLists.Head head;
    private final StatusArray values;
    private long version;
    private byte @Nullable [] compressed;
    private final Map<ListFormat, SignedList> signed = new EnumMap<>(ListFormat.class);

    /** When the database was last asked, before its answer, {@link System#nanoTime}. */
    private long asked;

    private boolean everAsked;
    private boolean asking;

    PublishedList(StatusLists.Head head) {
        this.head = head;
        this.values = StatusArray.of(head.bits(), head.size());
    }

    StatusLists.Head head() {
        return head;
    }

    synchronized long version() {
        return version;
    }

    /**
     * Whether the caller has to ask for changes now: what is known is older than {@code freshness}, and nobody else is asking; or
     * it is so old that it must not be told any more, whoever is asking.
     */
    synchronized boolean mustAsk(Duration freshness, long now) {
        long age = now - asked;
        if (everAsked && (age < freshness.toNanos() || (asking && age < 2 * freshness.toNanos()))) {
            return false;
        }
        asking = true;
        return true;
    }

    /** Nothing was learned; the next one asks. */
    synchronized void failed() {
        asking = false;
    }

    /** Takes changes over that were read after {@code at}; late answers change nothing that a newer one has told. */
    synchronized void apply(List<StatusLists.Entry> changes, long at) {
        long latest = version;
        for (StatusLists.Entry entry : changes) {
            if (entry.version() > version) {
                values.set(entry.index(), entry.value());
                latest = Math.max(latest, entry.version());
            }
        }
        if (latest > version) {
            version = latest;
            compressed = null;
        }
        asked = everAsked ? Math.max(asked, at) : at;
        everAsked = true;
        asking = false;
    }

    /** What was signed for this version, under this certificate, and is to be sent until {@code expires}. */
    synchronized @Nullable SignedList signed(ListFormat format, Instant expires, AgencyCertificate issuer) {
        SignedList present = signed.get(format);
        return present != null
                        && present.version() == version
                        && present.issuer().equals(issuer.id())
                        && !present.expires().isBefore(expires)
                ? present
                : null;
    }

    /** The last that was signed, if it may still be relied upon. */
    synchronized @Nullable SignedList lastSigned(ListFormat format, Instant now) {
        SignedList present = signed.get(format);
        return present != null && now.isBefore(present.expires()) ? present : null;
    }

    /** Compresses and signs what is known now; takes some tens of milliseconds for a million entries. Blocking. */
    synchronized SignedList sign(
            ListFormat format, ListToken unsigned, AgencyCertificate issuer, UnaryOperator<byte[]> signer) {
        if (compressed == null) {
            compressed = values.deflate();
        }
        ListToken token = unsigned.with(head.bits(), compressed);
        SignedList made = new SignedList(
                token.sign(format, issuer.x5c(), signer),
                version,
                issuer.id(),
                Instant.ofEpochSecond(token.expires()),
                tag(format, token.expires(), issuer));
        signed.put(format, made);
        return made;
    }

    /** Keyed with the list's secret, so that it does not tell how many changes there were. */
    private String tag(ListFormat format, long expires, AgencyCertificate issuer) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(head.secret());
            digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(version)
                    .putLong(expires)
                    .array());
            digest.update(issuer.leaf());
            digest.update(format.mediaType().getBytes(StandardCharsets.US_ASCII));
            return "W/\"" + Base64Url.encode(Arrays.copyOf(digest.digest(), TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
