package city.madang.identity.authorization;

import city.madang.identity.agencies.Agencies;
import city.madang.identity.jose.Secrets;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.language.LocalText;
import city.madang.identity.offers.Redemption;
import city.madang.identity.secrets.AtRest;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.ClaimSource;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.Display;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.LockMode;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Decides whether a citizen who has signed in gets what her wallet asks for, and makes the authorization code. */
@ApplicationScoped
class Authorizations {

    private final CredentialTypes types;
    private final Agencies agencies;
    private final Redemption redemption;
    private final Mutiny.SessionFactory sessions;
    private final AtRest atRest;
    private final IdentitySettings settings;

    Authorizations(
            CredentialTypes types,
            Agencies agencies,
            Redemption redemption,
            Mutiny.SessionFactory sessions,
            AtRest atRest,
            IdentitySettings settings) {
        this.types = types;
        this.agencies = agencies;
        this.redemption = redemption;
        this.sessions = sessions;
        this.atRest = atRest;
        this.settings = settings;
    }

    /** What comes after the sign-in. */
    sealed interface Next {
        /** @param code for the wallet, once */
        record Code(String code) implements Next {
            @Override
            public String toString() {
                return "Code";
            }
        }

        /** The citizen is to be asked. @param token of the form, once */
        record Ask(String wallet, List<Page.Item> items, String token) implements Next {}

        record No(Refusal why) implements Next {}
    }

    /** After the sign-in. */
    Uni<Next> signedIn(UUID id, SignedIn who) {
        return step(id, (session, request) -> obstacle(session, request, who).chain(no -> {
            if (no != null) {
                return over(session, request, no);
            }
            if (!settings.authorization().consent()) {
                return grant(session, request, who);
            }
            String token = Secrets.next();
            request.consentSha256 = Sha256.hex(token);
            request.signedIn = atRest.seal(request.id, AtRest.Kind.SIGN_IN, who.write());
            return asked(session, request)
                    .chain(all -> items(session, all))
                    .map(items -> new Next.Ask(
                            request.clientName == null ? request.clientId : request.clientName, items, token));
        }));
    }

    /** After the citizen was asked. */
    Uni<Next> decided(UUID id, boolean allowed) {
        return step(id, (session, request) -> {
            String kept = request.signedIn;
            if (kept == null || !allowed) {
                return over(session, request, Refusal.of("access_denied", "the citizen declined"));
            }
            SignedIn who = SignedIn.read(atRest.open(request.id, AtRest.Kind.SIGN_IN, kept));
            return obstacle(session, request, who)
                    .chain(no -> no == null ? grant(session, request, who) : over(session, request, no));
        });
    }

    /** Ends a request whose sign-in failed. */
    Uni<Next> failed(UUID id, Refusal why) {
        return step(id, (session, request) -> over(session, request, why));
    }

    private interface Step {
        Uni<Next> take(Mutiny.Session session, RequestEntity request);
    }

    private Uni<Next> step(UUID id, Step step) {
        return sessions.withTransaction(session -> session.find(RequestEntity.class, id, LockMode.PESSIMISTIC_WRITE)
                .chain(request -> request == null || !Instant.now().isBefore(request.expiresAt)
                        ? Uni.createFrom().item(new Next.No(Refusal.of("access_denied", "the sign-in took too long")))
                        : step.take(session, request)));
    }

    private static Uni<Next> over(Mutiny.Session session, RequestEntity request, Refusal why) {
        return session.remove(request).replaceWith(new Next.No(why));
    }

    /** Why the person may not have what is asked, or null. */
    private Uni<@Nullable Refusal> obstacle(Mutiny.Session session, RequestEntity request, SignedIn who) {
        if (!who.isCitizen()) {
            return Uni.createFrom().item(Refusal.of("access_denied", "credentials are for citizens"));
        }
        if (!Assurance.satisfies(settings.authorization().assuranceLevels(), who.acr(), request.acr)) {
            // OpenID Connect Core Error Code unmet_authentication_requirements 1.0
            return Uni.createFrom()
                    .item(Refusal.of("unmet_authentication_requirements", "the credential needs a stronger sign-in"));
        }
        UUID offer = request.offer;
        if (offer == null) {
            return Uni.createFrom().nullItem();
        }
        return redemption
                .open(session, offer)
                .map(found ->
                        found.filter(open -> open.holder().equals(who.holder())).isPresent()
                                ? null
                                : Refusal.of("access_denied", "there is no such offer to this citizen"));
    }

    private Uni<Next> grant(Mutiny.Session session, RequestEntity request, SignedIn who) {
        String code = Secrets.next();
        Instant now = Instant.now();
        GrantEntity grant = new GrantEntity();
        grant.id = UUID.randomUUID();
        grant.clientId = request.clientId;
        grant.holder = who.holder();
        grant.offer = request.offer;
        grant.credentials = request.credentials;
        grant.assurance = who.acr();
        grant.dpopJkt = request.dpopJkt;
        grant.attestationJkt = request.attestationJkt;
        grant.codeSha256 = Sha256.hex(code);
        grant.codeChallenge = request.codeChallenge;
        grant.codeRedirect = request.redirectUri;
        grant.codeExpiresAt = now.plus(settings.authorization().codeLifetime());
        grant.created = now;
        grant.expiresAt = grant.codeExpiresAt;
        return asked(session, request)
                .invoke(all -> grant.signInClaims = needed(grant.id, all, who))
                .chain(() -> session.persist(grant))
                .chain(() -> session.remove(request))
                .replaceWith(new Next.Code(code));
    }

    /** Of what the sign-in said, only what the credentials hold is kept, and sealed. */
    private @Nullable String needed(UUID grant, List<CredentialType> all, SignedIn who) {
        Map<String, Object> needed = new LinkedHashMap<>(who.claims());
        needed.keySet().removeIf(name -> all.stream()
                .noneMatch(type -> type.source() == ClaimSource.SIGN_IN && type.declares(name)));
        return needed.isEmpty() ? null : atRest.seal(grant, AtRest.Kind.SIGN_IN, StrictJson.write(needed));
    }

    private Uni<List<CredentialType>> asked(Mutiny.Session session, RequestEntity request) {
        Uni<List<CredentialType>> all = Uni.createFrom().item(new ArrayList<>());
        for (AccessGrant.Granted granted : AccessGrant.read(request.credentials)) {
            all = all.chain(
                    known -> types.find(session, granted.configuration()).map(type -> {
                        type.ifPresent(known::add);
                        return known;
                    }));
        }
        return all;
    }

    private Uni<List<Page.Item>> items(Mutiny.Session session, List<CredentialType> all) {
        Uni<List<Page.Item>> items = Uni.createFrom().item(new ArrayList<>());
        for (CredentialType type : all) {
            items = items.chain(known -> agencies.find(session, type.agency()).map(agency -> {
                LocalText name = agency.isPresent() ? agency.get().name() : new LocalText(type.agency(), type.agency());
                known.add(new Page.Item(named(type, "ko"), named(type, "en"), name.ko(), name.en()));
                return known;
            }));
        }
        return items;
    }

    private static String named(CredentialType type, String language) {
        return type.display().stream()
                .filter(display -> display.locale().startsWith(language))
                .map(Display::name)
                .findFirst()
                .orElse(type.display().getFirst().name());
    }
}
