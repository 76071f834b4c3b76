package city.madang.identity.trust;

import city.madang.identity.agencies.AgencyChanged;
import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.types.TypesChanged;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * What the registry says of a question: whether its agency may ask it, and whose credentials answer it. Remembered for a moment:
 * an agency asks the same of everybody, and to find out takes eight statements.
 */
@ApplicationScoped
public class Judgements {

    /** So long another instance's change of a right, a certificate, a standing or a type may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    /** Characters of the questions that are remembered. */
    private static final long MOST = 4_000_000;

    private final Rights rights;
    private final TrustedIssuers issuers;
    private final Mutiny.SessionFactory sessions;
    private final AtomicLong changes = new AtomicLong();
    private final Cache<Question, Judgement> remembered = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumWeight(MOST)
            .weigher((Question question, Judgement judgement) -> question.dcql().length())
            .executor(Runnable::run)
            .build();

    Judgements(Rights rights, TrustedIssuers issuers, Mutiny.SessionFactory sessions) {
        this.rights = rights;
        this.issuers = issuers;
        this.sessions = sessions;
    }

    /** @param dcql JSON */
    private record Question(String agency, String dcql) {}

    /**
     * @param over why the agency may not ask this; empty if it may
     * @param issuers for each type that somebody may issue, SHA-256 (hex) of the leaf certificates of those who may
     */
    public record Judgement(DcqlQuery query, Optional<String> over, Map<String, Set<String>> issuers) {}

    void forget(@Observes TypesChanged changed) {
        forget();
    }

    void forget(@Observes AgencyChanged changed) {
        forget();
    }

    private void forget() {
        changes.incrementAndGet();
        remembered.invalidateAll();
    }

    /**
     * @param dcql the query as JSON
     * @throws Malformed if it is no query
     */
    public Uni<Judgement> of(String agency, String dcql) throws Malformed {
        Question question = new Question(agency, dcql);
        Judgement known = remembered.getIfPresent(question);
        if (known != null) {
            return Uni.createFrom().item(known);
        }
        DcqlQuery query = DcqlQuery.parse(StrictJson.object(dcql));
        long seen = changes.get();
        return sessions.withSession(session -> rights.overAsking(session, agency, query)
                        .chain(over ->
                                issuers.of(session, query.types()).map(allowed -> new Judgement(query, over, allowed))))
                .invoke(judgement -> {
                    // what was read before a change of this process must not outlive it
                    if (changes.get() == seen) {
                        remembered.put(question, judgement);
                    }
                });
    }
}
