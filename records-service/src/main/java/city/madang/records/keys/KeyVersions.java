package city.madang.records.keys;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** The database's knowledge of which versions of wrapping keys there are: what is wrapped names one of them, and keeps it from being destroyed. */
@ApplicationScoped
public class KeyVersions {

    /** Notes the first version of the agency's key, unless it is noted. */
    public Uni<Void> create(Mutiny.Session session, String agency) {
        return session.createNativeQuery(
                        "insert into wrapping_key (agency, version) values (?1, ?2) on conflict do nothing")
                .setParameter(1, agency)
                .setParameter(2, WrappingKeys.FIRST_VERSION)
                .executeUpdate()
                .replaceWithVoid();
    }
}
