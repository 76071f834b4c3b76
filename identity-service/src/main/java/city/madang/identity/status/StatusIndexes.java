package city.madang.identity.status;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Gives new credentials their places in the status lists of their agency. */
@ApplicationScoped
public class StatusIndexes {

    /**
     * Places that nobody has and nobody had before; in different order than they are taken, so that an index says nothing of when
     * or in which company a credential was issued. Takes no part in the caller's transaction: places that are not used in the end
     * are gaps, which look as all unused ones do.
     *
     * @param bits 1, 2 or 8: how many statuses a credential may have
     * @param count one for each credential of a batch
     */
    public Uni<List<StatusRef>> allocate(String agency, int bits, int count) {
        return Uni.createFrom().failure(new UnsupportedOperationException("not yet"));
    }
}
