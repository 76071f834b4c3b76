package city.madang.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./madang verify FILE}: says in plain words what is proven of a file, and asks nobody. Ends with 0 if it is genuine, or a log proof or receipt that holds; with 1
 * if it is not, or nothing shows it; with 2 if it was called wrongly or the trust files cannot be used.
 */
public final class Command {

    private static final String USAGE =
            """
            usage: ./madang verify FILE [--proof FILE] [--trust DIR] [--lang ko|en]

            FILE is a sealed PDF, a signed JSON record, a .tlog-proof or a payment receipt. A proof that lies beside it under the same name is taken by itself.
            DIR holds the trust files: ca.pem and, as far as you have them, timestamp.pem, log-policy, trust-list.jwt, anchors.json; of a
            payment receipt payment-jwks.json alone (./madang trust DIR writes them). Nothing is asked of any network.
            """;

    private static final Map<Finding.Status, String> MARKS =
            Map.of(Finding.Status.PROVEN, "✓", Finding.Status.NOT_SHOWN, "?", Finding.Status.REFUTED, "✗");

    private Command() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, Instant.now(), System.out, System.err));
    }

    /** @return the exit code */
    public static int run(String[] arguments, Instant now, PrintStream out, PrintStream err) {
        @Nullable Path file = null;
        @Nullable Path proof = null;
        Path trust =
                Path.of(Optional.ofNullable(System.getProperty("madang.trust")).orElse("trust"));
        String language = Locale.getDefault().getLanguage().equals("ko") ? "ko" : "en";
        for (int i = 0; i < arguments.length; i++) {
            @Nullable String value = i + 1 < arguments.length ? arguments[i + 1] : null;
            if (arguments[i].startsWith("--")) {
                if (value == null) {
                    err.print(USAGE);
                    return 2;
                }
                switch (arguments[i]) {
                    case "--proof" -> proof = Path.of(value);
                    case "--trust" -> trust = Path.of(value);
                    case "--lang" -> language = value;
                    default -> {
                        err.print(USAGE);
                        return 2;
                    }
                }
                i++;
            } else if (file == null) {
                file = Path.of(arguments[i]);
            } else {
                err.print(USAGE);
                return 2;
            }
        }
        if (file == null || !(language.equals("ko") || language.equals("en"))) {
            err.print(USAGE);
            return 2;
        }
        try {
            byte[] bytes = read(file);
            Optional<Path> beside = proof == null ? beside(file) : Optional.of(proof);
            Verification verification = FileKind.of(bytes) == FileKind.PAYMENT_RECEIPT
                    ? ReceiptFile.verify(bytes, TrustFolder.paymentKeys(trust))
                    : Verifier.verify(
                            bytes,
                            beside.isEmpty() ? Optional.empty() : Optional.of(read(beside.get())),
                            TrustFolder.read(trust, now),
                            now);
            print(verification, language, out);
            return verification.conclusion().good() ? 0 : 1;
        } catch (TrustFolder.Unusable unusable) {
            err.println("madang verify: trust files in " + trust + ": " + unusable.getMessage());
            return 2;
        } catch (IOException unreadable) {
            err.println("madang verify: cannot be read: " + unreadable.getMessage());
            return 2;
        }
    }

    /** {@code permit.pdf} has its proof in {@code permit.tlog-proof}. */
    private static Optional<Path> beside(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path beside = file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".tlog-proof");
        return Files.isRegularFile(beside) && !beside.equals(file) ? Optional.of(beside) : Optional.empty();
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.size(file) > Verifier.LONGEST) {
            throw new IOException(file + " is larger than " + Verifier.LONGEST + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static void print(Verification verification, String language, PrintStream out) {
        out.println(verification.conclusion().says().in(language));
        for (Finding finding : verification.findings()) {
            out.println(
                    "  " + MARKS.get(finding.status()) + " " + finding.says().in(language));
        }
        if (verification.kind() == FileKind.PDF || verification.kind() == FileKind.JSON) {
            out.println("  ? "
                    + new Text(
                                    "이후 철회, 대체 또는 파기되었는지는 인터넷 없이 알 수 없습니다. 문서의 QR 코드로 확인하십시오.",
                                    "Whether it was revoked, superseded or shredded since cannot be known offline: follow the document's QR code.")
                            .in(language));
        }
    }
}
