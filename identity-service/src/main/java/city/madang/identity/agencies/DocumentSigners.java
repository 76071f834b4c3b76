package city.madang.identity.agencies;

import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Iacas;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * Sees that the city has an IACA and each acting agency a fresh document signer below it, without anyone asking: also in a city that
 * is older than its IACA.
 */
@ApplicationScoped
class DocumentSigners {

    private static final Logger LOG = Logger.getLogger(DocumentSigners.class);

    /** In one turn; the rest has its turn a minute later. */
    private static final int MOST = 100;

    /** Where the newest certificate of a key held here ends too soon, or there is none; after a revocation only a rotation makes one. */
    private static final String DUE =
            """
            select distinct a.id from agency a
            cross join (values ('document-signer'), ('mdoc-status')) as wanted(purpose)
            left join lateral (
              select c.not_after, c.revoked_at from agency_certificate c
              where c.agency = a.id and c.purpose = wanted.purpose and c.key_version is not null
              order by c.key_version desc, c.issued desc limit 1) newest on true
            where a.revoked_at is null and newest.revoked_at is null
              and (newest.not_after is null or newest.not_after <= ?1)
            order by a.id""";

    private final Agencies agencies;
    private final Iacas iacas;
    private final Mutiny.SessionFactory sessions;

    DocumentSigners(Agencies agencies, Iacas iacas, Mutiny.SessionFactory sessions) {
        this.agencies = agencies;
        this.iacas = iacas;
        this.sessions = sessions;
    }

    @Scheduled(every = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> renew() {
        return sessions.withTransaction(iacas::current)
                .chain(() -> sessions.withSession(session -> due(session)))
                .chain(due -> Multi.createFrom()
                        .iterable(due)
                        .onItem()
                        .transformToUniAndConcatenate(agency -> agencies.renewForMdocs(agency)
                                .onFailure()
                                .invoke(failure -> LOG.errorf(
                                        "agency %s has no fresh document signer: %s", agency, failure.getClass()))
                                .onFailure()
                                .recoverWithNull())
                        .collect()
                        .asList()
                        .replaceWithVoid());
    }

    private static Uni<List<String>> due(Mutiny.Session session) {
        return session.createNativeQuery(DUE, String.class)
                .setParameter(1, Instant.now().plus(Certificates.RENEWED_BEFORE_OF_IACA))
                .setMaxResults(MOST)
                .getResultList();
    }
}
