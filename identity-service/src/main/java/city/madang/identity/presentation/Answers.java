package city.madang.identity.presentation;

import city.madang.identity.applications.Application;
import city.madang.identity.applications.Applications;
import city.madang.identity.certificates.Signers;
import city.madang.identity.jose.Malformed;
import city.madang.identity.presentation.checks.AnswerCheck;
import city.madang.identity.presentation.checks.Expected;
import city.madang.identity.presentation.checks.Step;
import city.madang.identity.presentation.checks.TransactionData;
import city.madang.identity.presentation.checks.Verdict;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.trust.Rights;
import city.madang.identity.trust.TrustedIssuers;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Takes the answer to a request, once: decrypts it, checks it, and passes on what was disclosed. */
@ApplicationScoped
public class Answers {

    /** What a wallet is told of a credential whose status is not good: why is between its issuer and the agency. */
    private static final String NOT_ACCEPTED = "a credential cannot be accepted";

    private final Applications applications;
    private final TrustedIssuers issuers;
    private final Signers signers;
    private final StatusCheck statuses;
    private final AtRest atRest;
    private final AnswerEnd end;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;
    private final Rights rights;

    Answers(
            Applications applications,
            TrustedIssuers issuers,
            Signers signers,
            StatusCheck statuses,
            AtRest atRest,
            AnswerEnd end,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings,
            Rights rights) {
        this.rights = rights;
        this.applications = applications;
        this.issuers = issuers;
        this.signers = signers;
        this.statuses = statuses;
        this.atRest = atRest;
        this.end = end;
        this.sessions = sessions;
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
            static Closed to(@Nullable PresentationEntity found, String sha256) {
                return new Closed(found != null && sha256.equals(found.answerSha256));
            }
        }

        /** Something about it is wrong; the request stays open. */
        record Refused(String why) implements Outcome {}
    }

    /** Whether a request can be answered. */
    private sealed interface Standing {}

    private record Shut(Outcome.Closed why) implements Standing {}

    /**
     * @param sealedKey null if the answer is not encrypted
     * @param sha256 of the answer as it was sent
     */
    private record Open(@Nullable String sealedKey, AnswerCheck check, @Nullable Application application, String sha256)
            implements Standing {}

    /** @param sha256 hex, of the answer as it was sent */
    Uni<Outcome> take(UUID id, Submission submission, String sha256) {
        if (submission instanceof Submission.Declined declined) {
            return end.decline(id, declined, sha256);
        }
        return sessions.withSession(session -> standing(session, id, sha256)).chain(standing -> switch (standing) {
            case Shut shut -> Uni.createFrom().item(shut.why());
            case Open open -> answer(id, open, submission);
        });
    }

    private Uni<Outcome> answer(UUID id, Open open, Submission submission) {
        return OffLoop.call(() -> response(id, open, submission))
                .chain(response -> check(id, open, response))
                .onFailure(Malformed.class)
                .recoverWithUni(malformed -> refused(id, Step.RESPONSE, String.valueOf(malformed.getMessage())));
    }

    private Uni<Standing> standing(Mutiny.Session session, UUID id, String sha256) {
        return session.find(PresentationEntity.class, id).chain(found -> {
            if (found == null || !found.isOpenAt(Instant.now())) {
                return Uni.createFrom().item(new Shut(Outcome.Closed.to(found, sha256)));
            }
            return rights.overAsking(session, found.agency, found.dcql())
                    .chain(over -> over.isPresent()
                            ? Uni.createFrom().item(new Shut(Outcome.Closed.to(null, sha256)))
                            : open(session, found, sha256));
        });
    }

    private Uni<Standing> open(Mutiny.Session session, PresentationEntity found, String sha256) {
        return issuers.of(session, found.dcql().types()).chain(allowed -> {
            AnswerCheck check = new AnswerCheck(expected(found, allowed), signers::of);
            String key = found.encryptionKey;
            return found.application == null
                    ? Uni.createFrom().item(new Open(key, check, null, sha256))
                    : applications
                            .find(session, found.application)
                            .map(application -> new Open(key, check, application.orElseThrow(), sha256));
        });
    }

    private Expected expected(PresentationEntity found, Map<String, Set<String>> allowed) {
        var query = found.dcql();
        List<TransactionData> transactionData = new ArrayList<>();
        try {
            for (String text : found.transactionDataTexts()) {
                transactionData.add(TransactionData.read(text, query));
            }
        } catch (Malformed damaged) {
            throw new IllegalStateException("presentation " + found.id + " is damaged", damaged);
        }
        return new Expected(
                query,
                found.clientId,
                found.nonce,
                found.walletState,
                settings.issuer() + "/response/" + found.id,
                found.keyThumbprint,
                transactionData,
                allowed);
    }

    /** Blocking. The members of the response, in the mode that was asked for and in no other. */
    private Map<String, @Nullable Object> response(UUID id, Open open, Submission submission) throws Malformed {
        String key = open.sealedKey();
        return switch (submission) {
            case Submission.Encrypted encrypted
            when key != null -> ResponseKey.decrypt(encrypted.jwe(), atRest.open(id, AtRest.Kind.ENCRYPTION_KEY, key));
            case Submission.Plain plain when key == null -> plain.response();
            default -> throw new Malformed("the answer is not in the response mode of the request");
        };
    }

    private Uni<Outcome> check(UUID id, Open open, Map<String, @Nullable Object> response) {
        try {
            Submission.@Nullable Declined declined = Submission.declinedIn(response);
            if (declined != null) {
                return end.decline(id, declined, open.sha256());
            }
        } catch (Malformed malformed) {
            return Uni.createFrom().failure(malformed);
        }
        return OffLoop.call(() -> open.check().check(response, Instant.now())).chain(verdict -> switch (verdict) {
            case Verdict.Fails fails -> refused(id, fails.step(), fails.why());
            case Verdict.Holds holds ->
                statuses.worst(holds.statuses())
                        .chain(why -> why.isPresent()
                                ? refused(id, Step.STATUS, why.get())
                                : end.take(id, holds.credentials(), open.application(), open.sha256()));
        });
    }

    /** The agency sees which check failed, and the wallet why, except for what only the issuer may say of a credential. */
    private Uni<Outcome> refused(UUID id, Step step, String why) {
        return sessions.withTransaction(session -> session.createNativeQuery("update presentation"
                                + " set failed_step = ?2, failed_reason = ?3, failed_at = now()"
                                + " where id = ?1 and state = 'requested' and failed_reason is distinct from ?3")
                        .setParameter(1, id)
                        .setParameter(2, step.text())
                        .setParameter(3, why)
                        .executeUpdate())
                .replaceWith(new Outcome.Refused(step == Step.STATUS ? NOT_ACCEPTED : why));
    }
}
