package city.madang.identity.presentation;

import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.Sha256;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** Which certificates may issue which types, as the registry says. */
@ApplicationScoped
public class TypeIssuers {

    private final CredentialTypes types;
    private final Certificates certificates;

    TypeIssuers(CredentialTypes types, Certificates certificates) {
        this.types = types;
        this.certificates = certificates;
    }

    /** For each {@code vct} that the registry knows, SHA-256 of its owner's issuer certificates. */
    Uni<Map<String, Set<String>>> of(Mutiny.Session session, Collection<String> vcts) {
        return types.withTypeNames(session, vcts).chain(known -> certificates
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
