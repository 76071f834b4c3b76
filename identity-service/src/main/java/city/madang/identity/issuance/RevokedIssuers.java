package city.madang.identity.issuance;

import city.madang.identity.agencies.OnStanding;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** Refuses what wallets wait for from an agency that is revoked: nobody is left to decide it. */
@ApplicationScoped
class RevokedIssuers implements OnStanding {

    RevokedIssuers() {}

    @Override
    public Uni<Void> changed(Mutiny.Session session, String agency, boolean revoked) {
        return revoked
                ? session.createNativeQuery(
                                "update credential_request set state = 'refused', keys = '', claims = null,"
                                        + " reason = 'the agency is revoked' where agency = ?1 and state in ('pending', 'ready')")
                        .setParameter(1, agency)
                        .executeUpdate()
                        .replaceWithVoid()
                : Uni.createFrom().voidItem();
    }
}
