package city.madang.tlog.mirror;

import city.madang.tlog.note.Checkpoint;
import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.VerifierKey;
import city.madang.tlog.policy.PolicyFile;
import city.madang.tlog.policy.TrustPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** {@code ./madang mirror}. */
public final class Main {

    static final int VERIFIED = 0;
    static final int DOES_NOT_HOLD = 1;
    static final int USAGE = 2;
    static final int UNREADABLE = 3;

    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), new PrintStream(System.out, true, StandardCharsets.UTF_8), System.err));
    }

    /** The exit status. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(MirrorOptions.HELP);
            return VERIFIED;
        }
        MirrorOptions options;
        try {
            options = MirrorOptions.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            err.println("madang mirror: " + wrong.getMessage());
            err.print(MirrorOptions.HELP);
            return USAGE;
        }
        if (!options.log().matches("https?://.*")) {
            return run(options, new FolderSource(Path.of(options.log())), out, err);
        }
        try (HttpSource source = new HttpSource(options.log(), options.ca())) {
            return run(options, source, out, err);
        } catch (IOException failed) {
            err.println("madang mirror: " + failed.getMessage());
            return UNREADABLE;
        }
    }

    private static int run(MirrorOptions options, LogSource source, PrintStream out, PrintStream err) {
        try {
            Optional<MirrorFolder> folder = options.out().map(MirrorFolder::new);
            TrustPolicy policy = options.policy().isPresent()
                    ? PolicyFile.parse(Files.readAllBytes(options.policy().get()))
                    : new TrustPolicy(List.of(), Map.of(), new TrustPolicy.Quorum.None());
            Trust trust = trust(options, policy, folder, source);
            out.println("reading " + options.log());
            Finding finding = new Mirror(source, trust.keys(), policy, folder, progress(out)).run();
            return report(finding, trust, policy, out);
        } catch (Malformed wrong) {
            err.println("madang mirror: " + wrong.getMessage());
            return USAGE;
        } catch (IOException failed) {
            err.println("madang mirror: " + failed.getMessage());
            return UNREADABLE;
        }
    }

    /** @param from where the key comes from, for the report */
    private record Trust(List<VerifierKey> keys, String from) {}

    private static Trust trust(
            MirrorOptions options, TrustPolicy policy, Optional<MirrorFolder> folder, LogSource source)
            throws IOException, Malformed {
        if (options.key().isPresent()) {
            return new Trust(List.of(VerifierKey.parse(options.key().get().strip())), "as you named it");
        }
        if (!policy.logs().isEmpty()) {
            return new Trust(policy.logs().stream().map(TrustPolicy.Log::key).toList(), "as the policy names it");
        }
        Optional<VerifierKey> kept = folder.isPresent() ? folder.get().key() : Optional.empty();
        if (kept.isPresent()) {
            return new Trust(List.of(kept.get()), "as it was in the first run");
        }
        byte[] served = source.read("vkey")
                .orElseThrow(() -> new IOException("the log names no key: give one with --vkey or --policy"));
        return new Trust(
                List.of(VerifierKey.parse(new String(served, StandardCharsets.UTF_8).strip())),
                "ON THE LOG'S OWN WORD; compare it with one from elsewhere, or give --vkey or --policy");
    }

    private static LongConsumer progress(PrintStream out) {
        Instant[] told = {Instant.now()};
        return entries -> {
            if (Duration.between(told[0], Instant.now()).compareTo(PROGRESS) >= 0) {
                told[0] = Instant.now();
                out.printf("  … %,d entries%n", entries);
            }
        };
    }

    private static int report(Finding finding, Trust trust, TrustPolicy policy, PrintStream out) {
        return switch (finding) {
            case Finding.Verified verified -> {
                Checkpoint head = verified.head().checkpoint();
                line(out, "log", head.origin());
                line(
                        out,
                        "checkpoint",
                        "size " + head.size() + ", root " + HexFormat.of().formatHex(head.root()));
                line(out, "signed by", verified.head().log().format());
                line(out, "", trust.from());
                if (policy.witnesses().isEmpty()) {
                    line(out, "cosigned by", "not looked at: no policy names witnesses");
                }
                verified.head()
                        .cosigned()
                        .forEach((witness, time) ->
                                line(out, "cosigned by", witness + " at " + Instant.ofEpochSecond(time)));
                line(
                        out,
                        "entries",
                        "%,d in %,d bundles: each stands where its tile says"
                                .formatted(head.size(), verified.bundles()));
                line(out, "tiles", "%,d: each is what the entries give".formatted(verified.tiles()));
                line(
                        out,
                        "earlier run",
                        verified.earlier()
                                .map(earlier -> "size " + earlier.size() + ": the log goes on from it")
                                .orElse("none to compare with"));
                line(out, "result", "VERIFIED");
                yield VERIFIED;
            }
            case Finding.False wrong -> {
                line(out, "result", "DOES NOT HOLD: " + wrong.why());
                yield DOES_NOT_HOLD;
            }
            case Finding.Unreachable unreachable -> {
                line(out, "result", "NOT VERIFIED, it could not be read: " + unreachable.why());
                yield UNREADABLE;
            }
        };
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("%-13s %s%n", name, value);
    }
}
