package city.madang.records.applications;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.RecordsProblem;
import city.madang.records.catalogue.definition.Terms;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Which records may be renewed: an applicant's own, of the same service, near their end, by one application at a time. */
@ApplicationScoped
class RenewableRecords {

    /** Locks the record, so that of two applications one comes first. */
    private static final String RECORD = "select applicant, service, cast(extract(epoch from valid_until) as bigint),"
            + " (e.record is not null) as ended from record r left join record_end e on e.record = r.id"
            + " where r.id = ?1 and r.told is not null for update of r";

    private static final String RENEWED = "select count(*) from application where renews = ?1 and outcome is null";

    /** Fails unless the applicant may renew the record now. */
    Uni<Void> check(
            Mutiny.Session session, String applicant, String service, UUID record, Terms.@Nullable Renewal renewal) {
        return session.createNativeQuery(RECORD, Object[].class)
                .setParameter(1, record)
                .getSingleResultOrNull()
                .chain(row -> {
                    if (row == null || !applicant.equals(row[0]) || !service.equals(row[1])) {
                        throw CommonProblem.INVALID_REQUEST.with(
                                "renews must name a record of yours from this service");
                    }
                    check(Instant.ofEpochSecond((Long) row[2]), (Boolean) row[3], renewal);
                    return session.createNativeQuery(RENEWED, Long.class)
                            .setParameter(1, record)
                            .getSingleResult();
                })
                .invoke(open -> {
                    if (open > 0) {
                        throw RecordsProblem.RENEWAL_UNDER_WAY.with("this record is being renewed, or was");
                    }
                })
                .replaceWithVoid();
    }

    private static void check(Instant validUntil, boolean ended, Terms.@Nullable Renewal renewal) {
        if (renewal == null) {
            throw RecordsProblem.NOT_RENEWABLE.with("this service renews no records");
        }
        if (ended) {
            throw RecordsProblem.NOT_RENEWABLE.with("the record was superseded or revoked");
        }
        Instant from = validUntil.minus(Duration.ofDays(renewal.daysBefore()));
        Instant until = validUntil.plus(Duration.ofDays(renewal.daysAfter()));
        Instant now = Instant.now();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw RecordsProblem.NOT_RENEWABLE.with("it can be renewed from " + from + " to " + until);
        }
    }
}
