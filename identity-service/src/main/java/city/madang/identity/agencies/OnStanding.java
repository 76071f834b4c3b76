package city.madang.identity.agencies;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

/** What other capabilities do within the transaction that revokes or reinstates an agency. */
public interface OnStanding {

    Uni<Void> changed(Mutiny.Session session, String agency, boolean revoked);
}
