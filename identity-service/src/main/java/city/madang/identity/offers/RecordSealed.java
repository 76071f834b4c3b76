package city.madang.identity.offers;

import city.madang.identity.applications.Application;
import city.madang.identity.applications.Applications;
import city.madang.identity.jose.Malformed;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.types.ClaimsFit;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Outbox;
import city.madang.kit.events.Poison;
import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import city.madang.kit.worker.OffLoop;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code record.sealed}: the applicant is offered the credential that goes with the record. */
@ApplicationScoped
public class RecordSealed implements EventHandler {

    private final Applications applications;
    private final CredentialTypes types;
    private final Offers offers;
    private final HandoverStore handovers;
    private final Outbox outbox;

    RecordSealed(
            Applications applications, CredentialTypes types, Offers offers, HandoverStore handovers, Outbox outbox) {
        this.applications = applications;
        this.types = types;
        this.offers = offers;
        this.handovers = handovers;
        this.outbox = outbox;
    }

    @Override
    public String type() {
        return "record.sealed";
    }

    /** What the event says, read before anything is done. */
    private record Sealed(
            UUID record,
            UUID application,
            String agency,
            String applicant,
            @Nullable String credential,
            HandoverStore.@Nullable Reference handover) {

        static Sealed of(JsonObject data) {
            try {
                @Nullable JsonObject credential = data.getJsonObject("credential");
                return new Sealed(
                        UUID.fromString(data.getString("record")),
                        UUID.fromString(data.getString("application")),
                        data.getString("agency"),
                        data.getString("applicant"),
                        credential == null ? null : credential.getString("id"),
                        credential == null ? null : HandoverStore.Reference.of(credential.getJsonObject("handover")));
            } catch (IllegalArgumentException | ClassCastException | NullPointerException malformed) {
                throw new Poison("malformed record.sealed", malformed);
            }
        }
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        Sealed sealed = Sealed.of(event.data());
        return applications
                .lock(session, sealed.application())
                .map(found -> found.orElseThrow(() -> new NotYet("application " + sealed.application())))
                .invoke(application -> {
                    if (!application.agency().equals(sealed.agency())
                            || !application.applicant().equals(sealed.applicant())) {
                        throw new Poison("record.sealed contradicts its application");
                    }
                })
                .chain(application -> offer(session, sealed, application))
                .chain(() -> applications.destroyKey(session, sealed.application()));
    }

    private Uni<Void> offer(Mutiny.Session session, Sealed sealed, Application application) {
        String id = sealed.credential();
        HandoverStore.Reference handover = sealed.handover();
        if (id == null || handover == null) {
            return Uni.createFrom().voidItem();
        }
        return types.findToOffer(session, id)
                .chain(found -> found.map(type -> offer(session, sealed, application, type, handover))
                        .orElseGet(() -> withdrawn(session, sealed, id)))
                .chain(() -> applications.disposeOf(session, handover));
    }

    /** A type that is not known will be: its service was published before anybody could apply for it. */
    private Uni<Void> withdrawn(Mutiny.Session session, Sealed sealed, String type) {
        return types.isKnown(session, type).chain(known -> {
            if (!known) {
                throw new NotYet("credential type " + type);
            }
            Log.warnf("a record was sealed whose credential type %s is withdrawn: nothing is offered", type);
            return failed(session, sealed, "type-withdrawn");
        });
    }

    /** It can't be offered now and never will be: the record is taken back. */
    private Uni<Void> failed(Mutiny.Session session, Sealed sealed, String reason) {
        return outbox.add(
                session,
                Event.now(
                        "credential.failed",
                        sealed.application().toString(),
                        new JsonObject()
                                .put("application", sealed.application().toString())
                                .put("record", sealed.record().toString())
                                .put("reason", reason)));
    }

    private Uni<Void> offer(
            Mutiny.Session session,
            Sealed sealed,
            Application application,
            CredentialType type,
            HandoverStore.Reference handover) {
        return OffLoop.call(() -> claims(sealed, application, type, handover)).chain(claims -> {
            Optional<String> mismatch = ClaimsFit.mismatch(type, claims);
            if (mismatch.isPresent()) {
                Log.warnf("a record was sealed whose claims its credential type does not take: %s", mismatch.get());
                return failed(session, sealed, "claims-do-not-fit");
            }
            return offer(session, sealed, application, type, claims);
        });
    }

    private Uni<Void> offer(
            Mutiny.Session session,
            Sealed sealed,
            Application application,
            CredentialType type,
            Map<String, Object> claims) {
        return offers.create(session, type, application.applicant(), claims, application.id())
                .chain(offer -> outbox.add(
                        session,
                        Event.now(
                                "credential.offered",
                                application.id().toString(),
                                new JsonObject()
                                        .put("application", application.id().toString())
                                        .put("record", sealed.record().toString())
                                        .put("offer", offer.toString()))));
    }

    private Map<String, Object> claims(
            Sealed sealed, Application application, CredentialType type, HandoverStore.Reference handover) {
        String key = application.ownKey();
        if (!type.agency().equals(application.agency()) || key == null) {
            throw new Poison("record.sealed for a credential that its agency cannot issue, or a second time");
        }
        try {
            Map<String, Object> claims = new LinkedHashMap<>();
            StrictJson.object(HandoverKey.decrypt(handovers.get(handover), key).encode())
                    .forEach((name, value) -> {
                        if (value != null) {
                            claims.put(name, value);
                        }
                    });
            claims.put("record", sealed.record().toString());
            return claims;
        } catch (DecodeException notJson) {
            // its message quotes what was decrypted
            throw new Poison("record.sealed: the handover is not a JSON object");
        } catch (IllegalArgumentException | Malformed unreadable) {
            throw new Poison("record.sealed: " + unreadable.getMessage(), unreadable);
        }
    }
}
