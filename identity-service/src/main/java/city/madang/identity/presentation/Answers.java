package city.madang.identity.presentation;

import city.madang.identity.certificates.Signers;
import city.madang.identity.jose.Malformed;
import city.madang.identity.presentation.checks.AnswerCheck;
import city.madang.identity.presentation.checks.Expected;
import city.madang.identity.presentation.checks.Step;
import city.madang.identity.presentation.checks.TransactionData;
import city.madang.identity.presentation.checks.Verdict;
import city.madang.identity.secrets.AtRest;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.trust.Judgements;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes the answer to a request, once: decrypts it, checks it, and passes on what was disclosed. */
@ApplicationScoped
public class Answers {

    /** What a wallet is told of a credential whose status is not good: why is between its issuer and the agency. */
    private static final String NOT_ACCEPTED = "a credential cannot be accepted";

    private final Requests requests;
    private final Judgements judgements;
    private final Signers signers;
    private final StatusCheck statuses;
    private final AtRest atRest;
    private final AnswerEnd end;
    private final IdentitySettings settings;

    Answers(
            Requests requests,
            Judgements judgements,
            Signers signers,
            StatusCheck statuses,
            AtRest atRest,
            AnswerEnd end,
            IdentitySettings settings) {
        this.requests = requests;
        this.judgements = judgements;
        this.signers = signers;
        this.statuses = statuses;
        this.atRest = atRest;
        this.end = end;
        this.settings = settings;
    }

    /** What became of an answer. */
    sealed interface Outcome {
        /** @param redirectUri where the wallet sends the browser; null if nowhere */
        record Taken(@Nullable String redirectUri) implements Outcome {}

        /**
         * Unknown, expired, or answered before.
         *
         * @param isRepeat whether it was answered with this very answer: what it gave then is not given again, because whoever
         *     sends it may have overheard it
         */
        record Closed(boolean isRepeat) implements Outcome {
            static Closed to(@Nullable Asked found, String sha256) {
                return new Closed(found != null && sha256.equals(found.answerSha256()));
            }
        }

        /** Something about it is wrong; the request stays open. */
        record Refused(String why) implements Outcome {}
    }

    /** A request that can be answered. */
    private record Open(Asked asked, AnswerCheck check, String sha256) {}

    /** @param sha256 hex, of the answer as it was sent */
    Uni<Outcome> take(UUID id, Submission submission, String sha256) {
        return requests.find(id).chain(found -> found.filter(asked -> asked.isOpenAt(Instant.now()))
                .map(asked -> submission instanceof Submission.Declined declined
                        ? end.decline(asked, declined, sha256)
                        : judge(asked, submission, sha256))
                .orElseGet(() -> Uni.createFrom().item(Outcome.Closed.to(found.orElse(null), sha256))));
    }

    private Uni<Outcome> judge(Asked asked, Submission submission, String sha256) {
        try {
            return judgements
                    .of(asked.agency(), asked.dcql())
                    .chain(judgement -> judgement.over().isPresent()
                            ? Uni.createFrom().item(Outcome.Closed.to(null, sha256))
                            : answer(
                                    new Open(
                                            asked,
                                            new AnswerCheck(
                                                    expected(asked, judgement), signers::of, signers::ofDocument),
                                            sha256),
                                    submission));
        } catch (Malformed damaged) {
            throw damaged(asked, damaged);
        }
    }

    private Uni<Outcome> answer(Open open, Submission submission) {
        UUID id = open.asked().id();
        return OffLoop.call(() -> response(open.asked(), submission))
                .chain(response -> check(open, response))
                .onFailure(Malformed.class)
                .recoverWithUni(malformed -> refused(id, Step.RESPONSE, String.valueOf(malformed.getMessage())));
    }

    private Expected expected(Asked asked, Judgements.Judgement judgement) {
        List<TransactionData> transactionData = new ArrayList<>();
        try {
            for (String text : asked.transactionDataTexts()) {
                transactionData.add(TransactionData.read(text, judgement.query()));
            }
        } catch (Malformed damaged) {
            throw damaged(asked, damaged);
        }
        return new Expected(
                judgement.query(),
                asked.clientId(),
                asked.nonce(),
                asked.walletState(),
                settings.issuer() + "/response/" + asked.id(),
                asked.keyThumbprint(),
                transactionData,
                judgement.issuers());
    }

    private static IllegalStateException damaged(Asked asked, Malformed how) {
        return new IllegalStateException("presentation " + asked.id() + " is damaged", how);
    }

    /** Blocking. The members of the response, in the mode that was asked for and in no other. */
    private Map<String, @Nullable Object> response(Asked asked, Submission submission) throws Malformed {
        String key = asked.sealedKey();
        return switch (submission) {
            case Submission.Encrypted encrypted
            when key != null ->
                ResponseKey.decrypt(encrypted.jwe(), atRest.open(asked.id(), AtRest.Kind.ENCRYPTION_KEY, key));
            case Submission.Plain plain when key == null -> plain.response();
            default -> throw new Malformed("the answer is not in the response mode of the request");
        };
    }

    private Uni<Outcome> check(Open open, Map<String, @Nullable Object> response) {
        try {
            Submission.@Nullable Declined declined = Submission.declinedIn(response);
            if (declined != null) {
                return end.decline(open.asked(), declined, open.sha256());
            }
        } catch (Malformed malformed) {
            return Uni.createFrom().failure(malformed);
        }
        return OffLoop.call(() -> open.check().check(response, Instant.now())).chain(verdict -> switch (verdict) {
            case Verdict.Fails fails -> refused(open.asked().id(), fails.step(), fails.why());
            case Verdict.Holds holds ->
                statuses.worst(holds.statuses())
                        .chain(why -> why.isPresent()
                                ? refused(open.asked().id(), Step.STATUS, why.get())
                                : end.take(open.asked(), holds.credentials(), open.sha256()));
        });
    }

    /** The agency sees which check failed, and the wallet why, except for what only the issuer may say of a credential. */
    private Uni<Outcome> refused(UUID id, Step step, String why) {
        return requests.failed(id, step, why)
                .replaceWith(new Outcome.Refused(step == Step.STATUS ? NOT_ACCEPTED : why));
    }
}
