package city.madang.records.access;

import city.madang.kit.problem.CommonProblem;
import city.madang.records.RecordsProblem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Lets a personal record out, once its access is logged: to its owner and the owner's delegates, whose access is logged here; to the agency
 * that holds it, and in an emergency to officers of agencies that its type names, who say why first. To everyone else there is
 * no such record.
 */
@ApplicationScoped
public class ReleaseGate {

    private final AccessLog log;
    private final Delegations delegations;

    ReleaseGate(AccessLog log, Delegations delegations) {
        this.log = log;
        this.delegations = delegations;
    }

    /** Ends when the record may be released; fails with the problem to answer. */
    public Uni<Void> admit(Reader caller, Held held) {
        Reader reader = self(caller, held);
        if (reader.agency() != null) {
            return admitOffice(reader, held);
        }
        if (!reader.isCitizen() || held.owner() == null || !held.open()) {
            return Uni.createFrom().failure(absent());
        }
        if (held.owner().equals(reader.subject())) {
            return enterOnce(reader, held, Grounds.OWN);
        }
        return delegations
                .covering(reader.subject(), held)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().failure(absent())
                        : enterOnce(reader, held, Grounds.delegated(found.get())));
    }

    /** Whether the caller may know that the record exists. */
    public Uni<Boolean> visible(Reader caller, Held held) {
        Reader reader = self(caller, held);
        if (reader.agency() != null) {
            return Uni.createFrom().item(held.agency().equals(reader.agency()));
        }
        if (!reader.isCitizen() || held.owner() == null || !held.open()) {
            return Uni.createFrom().item(false);
        }
        return held.owner().equals(reader.subject())
                ? Uni.createFrom().item(true)
                : delegations.covering(reader.subject(), held).map(java.util.Optional::isPresent);
    }

    /** An officer reads an own record as the person that it is about. */
    private static Reader self(Reader caller, Held held) {
        return caller.subject().equals(held.owner()) ? new Reader(Reader.CITIZEN, caller.subject(), null) : caller;
    }

    private Uni<Void> admitOffice(Reader reader, Held held) {
        boolean own = held.agency().equals(reader.agency());
        if (own && held.owner() == null) {
            return Uni.createFrom().voidItem();
        }
        return log.open(reader, held.record())
                .invoke(found -> {
                    if (found.isEmpty()) {
                        throw own
                                ? RecordsProblem.ACCESS_NOT_LOGGED.with(
                                        "say why at /records/accesses first; then the record opens")
                                : absent();
                    }
                })
                .replaceWithVoid();
    }

    /** Who was let read may read again for a while under the same entry. */
    private Uni<Void> enterOnce(Reader reader, Held held, Grounds grounds) {
        return log.open(reader, held.record())
                .chain(found ->
                        found.isPresent() ? Uni.createFrom().item(found.get()) : log.enter(held, reader, grounds))
                .replaceWithVoid();
    }

    /** Logs that an office will read, and why; the record opens to it with that. */
    Uni<UUID> enterOffice(Reader reader, Held held, Grounds grounds) {
        boolean own = held.agency().equals(reader.agency());
        boolean emergency = reader.kind().equals(Reader.OFFICER)
                && grounds.breakGlass()
                && held.breakGlass().contains(reader.agency());
        if (own == grounds.breakGlass() || (!own && !emergency)) {
            // an office reads its own records on ordinary grounds, and those of others in emergencies alone
            return Uni.createFrom()
                    .failure(
                            own
                                    ? CommonProblem.INVALID_REQUEST.with(
                                            "the agency's own record needs no breaking of glass")
                                    : absent());
        }
        return log.enter(held, reader, grounds);
    }

    static RuntimeException absent() {
        return CommonProblem.NOT_FOUND.with("there is no such record");
    }
}
