package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.p256.P256;
import city.madang.payment.authorisations.KnownPayers.Asked;
import city.madang.payment.authorisations.KnownPayers.Payer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether submissions bear their payers' signatures. With whose keys they were checked may be out of date as soon as it is known, so
 * the database compares it once the accounts are locked ({@link AcceptanceStore#accept}).
 */
@ApplicationScoped
class Signatures {

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
        return check(submissions, payers(asked(submissions.stream())));
    }

    /** Reads anew who signs for the payers of these when they are next checked. */
    void forget(List<Submission> submissions) {
        store.forget(asked(submissions.stream()));
    }

    /**
     * A submission beside who may sign for its payer.
     *
     * @param refusal what its signature is refused for; null where it verifies
     */
    private record Looked(Submission submission, @Nullable Payer payer, @Nullable Refusal refusal) {

        static Looked at(Submission submission, @Nullable Payer payer) {
            return new Looked(
                    submission, payer, Signatures.refusal(submission, payer).orElse(null));
        }

        Checked checked(Map<Bytes32, Earlier> accepted) {
            if (refusal == null) {
                return new Checked.Signed(Objects.requireNonNull(payer));
            }
            @Nullable Earlier before = refusal == Refusal.WRONG_KEY_VERSION ? accepted.get(submission.id()) : null;
            return new Checked.Told(before == null ? new Verdict.Refused(refusal) : new Verdict.Replayed(before));
        }
    }

    private List<Checked> check(List<Submission> submissions, Map<Asked, Payer> payers) {
        List<Looked> looked = submissions.parallelStream()
                .map(submission -> Looked.at(submission, payers.get(Asked.by(submission))))
                .toList();
        Set<Asked> bad = asked(refused(looked, Refusal.BAD_SIGNATURE));
        if (!bad.isEmpty()) {
            store.forget(bad);
            Map<Asked, Payer> now = payers(bad);
            if (bad.stream().anyMatch(one -> !Objects.equals(keyOf(one, payers), keyOf(one, now)))) {
                payers.keySet().removeAll(bad);
                payers.putAll(now);
                return check(submissions, payers);
            }
        }
        // what was accepted before the key was replaced still gets its first answer, or its payer might pay anew
        List<Bytes32> ofOtherKeys =
                refused(looked, Refusal.WRONG_KEY_VERSION).map(Submission::id).toList();
        Map<Bytes32, Earlier> accepted = ofOtherKeys.isEmpty()
                ? Map.of()
                : store.accepted(ofOtherKeys).await().atMost(AcceptanceStore.TIMEOUT);
        return looked.stream().map(one -> one.checked(accepted)).toList();
    }

    private static Stream<Submission> refused(List<Looked> looked, Refusal why) {
        return looked.stream().filter(one -> one.refusal() == why).map(Looked::submission);
    }

    private Map<Asked, Payer> payers(Set<Asked> asked) {
        return store.payers(asked).await().atMost(AcceptanceStore.TIMEOUT);
    }

    private static Set<Asked> asked(Stream<Submission> submissions) {
        return submissions.map(Asked::by).collect(Collectors.toSet());
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
