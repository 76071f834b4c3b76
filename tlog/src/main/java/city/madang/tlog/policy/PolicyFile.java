package city.madang.tlog.policy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.tlog.note.Malformed;
import city.madang.tlog.note.VerifierKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads policies (C2SP tlog-policy, "Policy file syntax and structure"). Names are octets, here as ISO 8859-1. */
public final class PolicyFile {

    /** More than the 32 of each that the specification recommends to support. */
    private static final int MOST = 256;

    private static final int LONGEST = 1024 * 1024;
    private static final String NONE = "none";

    private final List<TrustPolicy.Log> logs = new ArrayList<>();
    private final Map<String, TrustPolicy.Witness> witnesses = new LinkedHashMap<>();
    private final Map<String, TrustPolicy.Quorum> names = new LinkedHashMap<>();
    private final Set<String> members = new HashSet<>();
    private TrustPolicy.@Nullable Quorum quorum;

    private PolicyFile() {}

    /** @throws Malformed with the number of the line that is wrong */
    public static TrustPolicy parse(byte[] file) throws Malformed {
        if (file.length > LONGEST) {
            throw new Malformed("a policy of " + file.length + " bytes");
        }
        for (byte octet : file) {
            if ((octet >= 0 && octet < 0x20 && octet != '\t' && octet != '\n') || octet == 0x7f) {
                throw new Malformed("a policy with control characters");
            }
        }
        PolicyFile policy = new PolicyFile();
        int number = 0;
        for (String line : new String(file, ISO_8859_1).split("\n", -1)) {
            number++;
            try {
                policy.line(line);
            } catch (Malformed wrong) {
                throw new Malformed("line " + number + ": " + wrong.getMessage());
            }
        }
        TrustPolicy.@Nullable Quorum quorum = policy.quorum;
        if (quorum == null) {
            throw new Malformed("a policy needs one quorum line");
        }
        return new TrustPolicy(policy.logs, policy.witnesses, quorum);
    }

    private void line(String line) throws Malformed {
        String bare = line.replaceFirst("^[ \t]+", "").replaceFirst("[ \t]+$", "");
        if (bare.isEmpty() || bare.startsWith("#")) {
            return;
        }
        String[] items = bare.split("[ \t]+", -1);
        switch (items[0]) {
            case "log" -> log(items);
            case "witness" -> witness(items);
            case "group" -> group(items);
            case "quorum" -> quorum(items);
            default -> throw new Malformed("a line begins with log, witness, group or quorum");
        }
        if (logs.size() > MOST || names.size() > MOST) {
            throw new Malformed("more than " + MOST + " logs, witnesses or groups");
        }
    }

    private void log(String[] items) throws Malformed {
        if (items.length < 2 || items.length > 3) {
            throw new Malformed("log <vkey> [<url>]");
        }
        VerifierKey key = key(items[1]);
        if (logs.stream().anyMatch(log -> log.key().sameKey(key))) {
            throw new Malformed("two logs have one key");
        }
        logs.add(new TrustPolicy.Log(key, url(items, 2)));
    }

    private void witness(String[] items) throws Malformed {
        if (items.length < 3 || items.length > 4) {
            throw new Malformed("witness <name> <vkey> [<url>]");
        }
        VerifierKey key = key(items[2]);
        if (!key.kind().isCosignature()) {
            throw new Malformed("the key of a witness is one for cosignatures");
        }
        if (witnesses.values().stream().anyMatch(witness -> witness.key().sameKey(key))) {
            throw new Malformed("two witnesses have one key");
        }
        define(items[1], new TrustPolicy.Quorum.One(items[1]));
        witnesses.put(items[1], new TrustPolicy.Witness(key, url(items, 3)));
    }

    private void group(String[] items) throws Malformed {
        if (items.length < 4) {
            throw new Malformed("group <name> all|any|<k> <name>...");
        }
        List<TrustPolicy.Quorum> of = new ArrayList<>();
        for (int i = 3; i < items.length; i++) {
            if (!members.add(items[i])) {
                throw new Malformed("a name is a member of one group at most");
            }
            of.add(defined(items[i]));
        }
        define(items[1], new TrustPolicy.Quorum.Group(needed(items[2], of.size()), of));
    }

    private static int needed(String threshold, int members) throws Malformed {
        return switch (threshold) {
            case "all" -> members;
            case "any" -> 1;
            default -> {
                if (!threshold.matches("[1-9][0-9]{0,3}") || Integer.parseInt(threshold) > members) {
                    throw new Malformed("a group asks for all, any, or 1 to " + members + " of its members");
                }
                yield Integer.parseInt(threshold);
            }
        };
    }

    private void quorum(String[] items) throws Malformed {
        if (items.length != 2) {
            throw new Malformed("quorum <name>");
        }
        if (quorum != null) {
            throw new Malformed("a policy has one quorum line");
        }
        quorum = items[1].equals(NONE) ? new TrustPolicy.Quorum.None() : defined(items[1]);
    }

    private void define(String name, TrustPolicy.Quorum what) throws Malformed {
        if (name.equals(NONE) || names.putIfAbsent(name, what) != null) {
            throw new Malformed("a name is defined once, and none is taken");
        }
    }

    private TrustPolicy.Quorum defined(String name) throws Malformed {
        TrustPolicy.@Nullable Quorum found = names.get(name);
        if (found == null) {
            throw new Malformed("a name is not defined on an earlier line");
        }
        return found;
    }

    private static VerifierKey key(String octets) throws Malformed {
        return VerifierKey.parse(new String(octets.getBytes(ISO_8859_1), UTF_8));
    }

    private static Optional<String> url(String[] items, int index) {
        return items.length > index ? Optional.of(items[index]) : Optional.empty();
    }
}
