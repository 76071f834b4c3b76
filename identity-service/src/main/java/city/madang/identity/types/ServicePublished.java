package city.madang.identity.types;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.agencies.Agency;
import city.madang.identity.language.LocalText;
import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Poison;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** {@code service.published}: the credential that a public service gives becomes a type that can be issued. */
@ApplicationScoped
public class ServicePublished implements EventHandler {

    /** Every credential of a service names the record that it belongs to. */
    private static final String RECORD = "record";

    private static final LocalText RECORD_LABEL = new LocalText("기록 번호", "Record");

    private final CredentialTypes types;
    private final Agencies agencies;

    ServicePublished(CredentialTypes types, Agencies agencies) {
        this.types = types;
        this.agencies = agencies;
    }

    @Override
    public String type() {
        return "service.published";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        CredentialType type;
        try {
            @Nullable JsonObject credential = event.data().getJsonObject("credential");
            if (credential == null) {
                return Uni.createFrom().voidItem();
            }
            type = read(event.data().getString("agency"), credential);
        } catch (ClassCastException | NullPointerException malformed) {
            throw new Poison("service.published with a malformed credential", malformed);
        }
        return agencies.find(session, type.agency())
                .map(found -> found.orElseThrow(() -> new NotYet("agency " + type.agency())))
                .chain(() -> types.declare(session, type))
                .invoke(declared -> {
                    switch (declared) {
                        case CredentialTypes.Declared.Done done -> {
                            // known from now on
                        }
                        case CredentialTypes.Declared.Taken taken ->
                            throw new Poison("credential type " + type.id() + " belongs to another");
                        case CredentialTypes.Declared.TooMany tooMany ->
                            throw new Poison("agency " + type.agency() + " has too many credential types");
                    }
                });
    }

    private static CredentialType read(@Nullable String agency, JsonObject credential) {
        @Nullable String id = credential.getString("id");
        if (agency == null || id == null || !agency.matches(Agency.SLUG) || !id.matches(Agency.SLUG)) {
            throw new Poison("service.published with a malformed credential");
        }
        int validityDays = credential.getInteger("validity_days");
        JsonArray declared = credential.getJsonArray("claims");
        if (validityDays < 1
                || validityDays > CredentialType.LONGEST_VALIDITY_DAYS
                || declared.size() > CredentialType.MOST_CLAIMS) {
            throw new Poison("service.published with a credential that cannot be declared");
        }
        List<Claim> claims = new ArrayList<>();
        for (Object each : declared) {
            JsonObject claim = (JsonObject) each;
            String name = claim.getString("name");
            if (!ClaimName.isAllowed(name) || name.equals(RECORD)) {
                throw new Poison("service.published with a claim of a reserved name");
            }
            claims.add(DeclarationReader.shortForm(Format.SD_JWT_VC, id, name, text(claim.getJsonObject("label"))));
        }
        claims.add(DeclarationReader.shortForm(Format.SD_JWT_VC, id, RECORD, RECORD_LABEL));
        if (claims.stream().map(Claim::path).distinct().count() != claims.size()) {
            throw new Poison("service.published with a claim declared twice");
        }
        return new CredentialType(
                id,
                agency,
                Format.SD_JWT_VC,
                id,
                DeclarationReader.shortForm(text(credential.getJsonObject("display"))),
                claims,
                validityDays,
                CredentialType.DEFAULT_BATCH,
                CredentialType.DEFAULT_STATUS_BITS,
                null,
                ClaimSource.OFFER,
                null);
    }

    private static LocalText text(JsonObject json) {
        LocalText text = new LocalText(json.getString("ko"), json.getString("en"));
        if (!text.fits()) {
            throw new Poison("service.published with a text that cannot be shown");
        }
        return text;
    }
}
