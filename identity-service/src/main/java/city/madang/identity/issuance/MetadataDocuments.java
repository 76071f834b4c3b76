package city.madang.identity.issuance;

import city.madang.identity.agencies.AgencyChanged;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.CompactJws;
import city.madang.identity.jose.Sha256;
import city.madang.identity.jose.StrictJson;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.TypesChanged;
import city.madang.kit.keys.Keyring;
import city.madang.kit.worker.OffLoop;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** The issuer's metadata as it is served, plain and signed (OpenID4VCI 1.0 §12.2.2, §12.2.3), kept in memory. */
@ApplicationScoped
public class MetadataDocuments {

    /** Far above what a city issues; beyond it the metadata would need another form. */
    private static final int MOST_TYPES = 1000;

    /** So long another instance's change of a type may go unseen. */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    private static final String SIGNED_TYPE = "openidvci-issuer-metadata+jwt";

    private final IssuerMetadata metadata;
    private final CredentialTypes types;
    private final Certificates certificates;
    private final RequestKeys requestKeys;
    private final Keyring keyring;
    private final Mutiny.SessionFactory sessions;
    private final IdentitySettings settings;
    private volatile @Nullable Document remembered;

    MetadataDocuments(
            IssuerMetadata metadata,
            CredentialTypes types,
            Certificates certificates,
            RequestKeys requestKeys,
            Keyring keyring,
            Mutiny.SessionFactory sessions,
            IdentitySettings settings) {
        this.metadata = metadata;
        this.types = types;
        this.certificates = certificates;
        this.requestKeys = requestKeys;
        this.keyring = keyring;
        this.sessions = sessions;
        this.settings = settings;
    }

    /**
     * The metadata.
     *
     * @param json plain
     * @param signed compact JWS; null while the agency that signs it is not registered
     * @param signer the certificate under which it was signed
     * @param signedAt when it was signed
     */
    record Document(
            String json,
            String etag,
            @Nullable String signed,
            @Nullable String signedEtag,
            @Nullable UUID signer,
            Instant signedAt,
            Instant read) {

        Document readAt(Instant time) {
            return new Document(json, etag, signed, signedEtag, signer, signedAt, time);
        }
    }

    void forget(@Observes TypesChanged changed) {
        forget();
    }

    void forget(@Observes AgencyChanged changed) {
        forget();
    }

    private void forget() {
        Document known = remembered;
        if (known != null) {
            remembered = known.readAt(Instant.EPOCH);
        }
    }

    Uni<Document> current() {
        Document known = remembered;
        Instant now = Instant.now();
        if (known != null && now.isBefore(known.read().plus(REMEMBERED))) {
            return Uni.createFrom().item(known);
        }
        return sessions.withSession(
                        session -> types.list(session, null, MOST_TYPES).chain(all -> certificates
                                .current(session, settings.issuance().metadataAgency(), Purpose.CREDENTIAL_ISSUER)
                                .map(signer -> new Read(all, signer))))
                .chain(read -> document(read, known, now))
                .invoke(fresh -> remembered = fresh);
    }

    private record Read(List<CredentialType> types, Optional<AgencyCertificate> signer) {}

    private Uni<Document> document(Read read, @Nullable Document known, Instant now) {
        Map<String, Object> content = metadata.of(read.types(), requestKeys.current());
        String json = StrictJson.write(content);
        if (known != null
                && known.json().equals(json)
                && Objects.equals(
                        known.signer(), read.signer().map(AgencyCertificate::id).orElse(null))
                && now.isBefore(known.signedAt()
                        .plus(settings.issuance().metadataLifetime().dividedBy(2)))) {
            return Uni.createFrom().item(known.readAt(now));
        }
        return read.signer()
                .map(signer -> OffLoop.call(() -> sign(content, signer, now)).map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .map(signed -> new Document(
                        json,
                        etag(json),
                        signed.orElse(null),
                        signed.map(MetadataDocuments::etag).orElse(null),
                        read.signer().map(AgencyCertificate::id).orElse(null),
                        now,
                        now));
    }

    private String sign(Map<String, Object> content, AgencyCertificate signer, Instant now) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", SIGNED_TYPE);
        header.put("x5c", signer.x5c());
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("iss", settings.issuer());
        payload.put("sub", settings.issuer());
        payload.put("iat", now.getEpochSecond());
        payload.put("exp", now.plus(settings.issuance().metadataLifetime()).getEpochSecond());
        payload.putAll(content);
        return CompactJws.sign(header, payload, input -> keyring.sign(signer.keyId(), input));
    }

    static String etag(String body) {
        return Base64Url.encode(Sha256.of(body.getBytes(StandardCharsets.UTF_8)));
    }
}
