package city.madang.identity.trust;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.Sha256;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Which certificates may issue which types, as the registry says now. */
@ApplicationScoped
public class TrustedIssuers {

    private final CredentialTypes types;
    private final Certificates certificates;

    TrustedIssuers(CredentialTypes types, Certificates certificates) {
        this.types = types;
        this.certificates = certificates;
    }

    /**
     * For each type that someone may issue, SHA-256 (hex) of the leaf certificates of those who may: valid now, of agencies
     * that are not revoked. Certificates from before a key rotation are among them until they end.
     *
     * @param typeNames vct URIs and doctypes
     */
    public Uni<Map<String, Set<String>>> of(Mutiny.Session session, Set<String> typeNames) {
        return types.withTypeNames(session, typeNames).chain(known -> certificates
                .valid(
                        session,
                        known.stream().map(CredentialType::agency).distinct().toList())
                .map(all -> {
                    Map<String, Set<String>> issuers = new HashMap<>();
                    for (CredentialType type : known) {
                        issuers.put(types.typeName(type), leaves(all, type.agency()));
                    }
                    return issuers;
                }));
    }

    private static Set<String> leaves(List<AgencyCertificate> all, String agency) {
        return all.stream()
                .filter(certificate -> certificate.purpose() == Purpose.CREDENTIAL_ISSUER)
                .filter(certificate -> certificate.agency().equals(agency))
                .map(certificate -> Sha256.hex(certificate.leaf()))
                .collect(Collectors.toSet());
    }
}
