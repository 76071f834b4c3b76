package city.madang.identity.status;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of table {@code issuance}: a batch of copies of one credential.
 *
 * @param list in which the copies have their status; null if the type has none
 * @param indexes one for each copy
 * @param entitlement what it was issued from, see {@link Revocations#ENTITLEMENT}
 */
record Issuance(
        UUID id,
        String credentialType,
        String agency,
        String holder,
        @Nullable UUID offer,
        @Nullable UUID application,
        String format,
        @Nullable UUID list,
        List<Integer> indexes,
        Instant issuedAt,
        Instant expiresAt,
        IssuanceStatus status,
        UUID entitlement) {

    static final String SELECT =
            "select id, credential_type, agency, holder, offer, application, format, status_list, status_indexes,"
                    + " issued_at, expires_at, status, " + Revocations.ENTITLEMENT + " as entitlement from issuance ";

    static Issuance of(Row row) {
        return new Issuance(
                row.getUUID("id"),
                row.getString("credential_type"),
                row.getString("agency"),
                row.getString("holder"),
                row.getUUID("offer"),
                row.getUUID("application"),
                row.getString("format"),
                row.getUUID("status_list"),
                Arrays.asList(row.getArrayOfIntegers("status_indexes")),
                row.getOffsetDateTime("issued_at").toInstant(),
                row.getOffsetDateTime("expires_at").toInstant(),
                IssuanceStatus.of(row.getString("status")).orElseThrow(),
                row.getUUID("entitlement"));
    }
}
