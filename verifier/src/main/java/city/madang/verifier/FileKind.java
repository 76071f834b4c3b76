package city.madang.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.contracts.PaymentReceipt;
import java.util.Arrays;

/** What a file is by its bytes; its name and what was said of it do not count. */
public enum FileKind {
    PDF("%PDF-"),
    /** JSON with the member {@code madang_receipt}, good or not. */
    PAYMENT_RECEIPT("{"),
    JSON("{"),
    LOG_PROOF("c2sp.org/tlog-proof@v1\n"),
    OTHER("");

    private final byte[] start;

    FileKind(String start) {
        this.start = start.getBytes(UTF_8);
    }

    public static FileKind of(byte[] file) {
        for (FileKind kind : values()) {
            boolean begins = file.length >= kind.start.length
                    && Arrays.equals(file, 0, kind.start.length, kind.start, 0, kind.start.length);
            if (begins && (kind != PAYMENT_RECEIPT || PaymentReceipt.isReceipt(new String(file, UTF_8)))) {
                return kind;
            }
        }
        return OTHER;
    }
}
