package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.p256.P256;
import city.madang.payment.authorisations.KnownPayers.Asked;
import city.madang.payment.authorisations.KnownPayers.Payer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether submissions bear their payers' signatures. With whose keys they were checked may be out of date as soon as it is known, so
 * the database compares it once the accounts are locked ({@link AcceptanceStore#accept}).
 */
@ApplicationScoped
class Signatures {

    private static final Duration DATABASE_TIMEOUT = Duration.ofSeconds(10);

    private final AcceptanceStore store;

    Signatures(AcceptanceStore store) {
        this.store = store;
    }

    /** What is found of a submission. */
    sealed interface Checked {
        /** @param payer with whose key it is signed */
        record Signed(Payer payer) implements Checked {}

        /** @param verdict what became of it without being decided */
        record Told(Verdict verdict) implements Checked {}
    }

    /**
     * With whose key this is signed, where that is remembered; null where that is still to be looked at. Costs a verification and waits for
     * nothing.
     */
    @Nullable
    Payer signer(Submission submission) {
        Payer payer = store.known(Asked.by(submission));
        return payer != null && refusal(submission, payer).isEmpty() ? payer : null;
    }

    /** Looks at all, on all cores, and waits for the database where it must; one answer each. */
    List<Checked> check(List<Submission> submissions) {
        return check(submissions, payers(submissions));
    }

    /** Reads anew who signs for the payers of these when they are next checked. */
    void forget(Collection<Submission> submissions) {
        store.forget(asked(submissions));
    }

    private List<Checked> check(List<Submission> submissions, Map<Asked, Payer> payers) {
        List<Optional<Refusal>> refusals = submissions.parallelStream()
                .map(submission -> refusal(submission, payers.get(Asked.by(submission))))
                .toList();
        List<Submission> bad = refused(submissions, refusals, Refusal.BAD_SIGNATURE);
        if (!bad.isEmpty()) {
            forget(bad);
            Map<Asked, Payer> now = payers(bad);
            boolean outOfDate =
                    asked(bad).stream().anyMatch(one -> !Objects.equals(keyOf(one, payers), keyOf(one, now)));
            payers.keySet().removeAll(asked(bad));
            payers.putAll(now);
            if (outOfDate) {
                return check(submissions, payers);
            }
        }
        // what was accepted before the key was replaced still gets its first answer, or its payer might pay anew
        List<Bytes32> ofOtherKeys = refused(submissions, refusals, Refusal.WRONG_KEY_VERSION).stream()
                .map(Submission::id)
                .toList();
        Map<Bytes32, Earlier> accepted = ofOtherKeys.isEmpty()
                ? Map.of()
                : store.accepted(ofOtherKeys).await().atMost(DATABASE_TIMEOUT);
        List<Checked> checked = new ArrayList<>(submissions.size());
        for (int i = 0; i < submissions.size(); i++) {
            Submission submission = submissions.get(i);
            @Nullable Refusal refusal = refusals.get(i).orElse(null);
            @Nullable Earlier before = refusal == Refusal.WRONG_KEY_VERSION ? accepted.get(submission.id()) : null;
            if (refusal == null) {
                checked.add(new Checked.Signed(Objects.requireNonNull(payers.get(Asked.by(submission)))));
            } else {
                checked.add(
                        new Checked.Told(before == null ? new Verdict.Refused(refusal) : new Verdict.Replayed(before)));
            }
        }
        return checked;
    }

    private static List<Submission> refused(List<Submission> all, List<Optional<Refusal>> refusals, Refusal why) {
        List<Submission> refused = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (refusals.get(i).equals(Optional.of(why))) {
                refused.add(all.get(i));
            }
        }
        return refused;
    }

    private Map<Asked, Payer> payers(List<Submission> submissions) {
        return store.payers(asked(submissions)).await().atMost(DATABASE_TIMEOUT);
    }

    private static Set<Asked> asked(Collection<Submission> submissions) {
        return submissions.stream().map(Asked::by).collect(Collectors.toSet());
    }

    private static @Nullable String keyOf(Asked asked, Map<Asked, Payer> payers) {
        Payer payer = payers.get(asked);
        return payer == null ? null : payer.x();
    }

    private static Optional<Refusal> refusal(Submission submission, @Nullable Payer payer) {
        if (payer == null || !payer.owner().equals(submission.owner())) {
            return Optional.of(Refusal.UNKNOWN_ACCOUNT);
        }
        if (payer.key() == null || payer.keyVersion() != submission.pay().keyVersion()) {
            return Optional.of(Refusal.WRONG_KEY_VERSION);
        }
        byte[] signature = Base64.getUrlDecoder().decode(submission.signature());
        return P256.verify(payer.key(), submission.message(), signature)
                ? Optional.empty()
                : Optional.of(Refusal.BAD_SIGNATURE);
    }
}
