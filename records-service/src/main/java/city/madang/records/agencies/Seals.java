package city.madang.records.agencies;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Finds what an agency seals with. */
@ApplicationScoped
public class Seals {

    private final Pool pool;

    Seals(Pool pool) {
        this.pool = pool;
    }

    /** Empty as long as the agency has no certificate. */
    public Uni<Optional<Seal>> of(String agency) {
        return pool.preparedQuery("select name_ko, name_en, chain from agency where agency = $1 and chain is not null")
                .execute(Tuple.of(agency))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    Row row = rows.iterator().next();
                    return Optional.of(new Seal(
                            agency,
                            row.getString(0),
                            row.getString(1),
                            SealKeys.id(agency),
                            SealKeys.parse(List.of(row.getString(2).split("\n")))));
                });
    }

    /** The agency's name; its id as long as it is not registered. */
    public Uni<Name> name(String agency) {
        return pool.preparedQuery("select name_ko, name_en from agency where agency = $1")
                .execute(Tuple.of(agency))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return new Name(agency, agency);
                    }
                    Row row = rows.iterator().next();
                    return new Name(row.getString(0), row.getString(1));
                });
    }

    public record Name(String ko, String en) {}
}
