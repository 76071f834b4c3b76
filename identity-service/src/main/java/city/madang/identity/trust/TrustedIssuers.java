package city.madang.identity.trust;

import city.madang.identity.agencies.Agency;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.jose.Sha256;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
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
    private final Rights rights;

    TrustedIssuers(CredentialTypes types, Certificates certificates, Rights rights) {
        this.types = types;
        this.certificates = certificates;
        this.rights = rights;
    }

    /**
     * For each type that someone may issue, SHA-256 (hex) of the leaf certificates of those who may: valid now and not revoked, of
     * agencies that are not revoked. Certificates from before a key rotation are among them until they end.
     *
     * @param typeNames vct URIs and doctypes
     */
    public Uni<Map<String, Set<String>>> of(Mutiny.Session session, Set<String> typeNames) {
        return types.withTypeNames(session, typeNames)
                .chain(known -> rights.decided(session).map(decided -> agencies(known, decided, typeNames)))
                .chain(byType -> {
                    Set<String> all =
                            byType.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
                    return rights.acting(session, all)
                            .chain(acting -> certificates.valid(
                                    session, acting.stream().map(Agency::id).toList()))
                            .map(valid -> leaves(byType, valid));
                });
    }

    private Map<String, Set<String>> agencies(
            List<CredentialType> known, Map<String, AgencyRights> decided, Set<String> typeNames) {
        Map<String, Set<String>> byType = new HashMap<>();
        for (CredentialType type : known) {
            if (decided.getOrDefault(type.agency(), AgencyRights.DEFAULT).mayIssue(rights.ref(type), true)) {
                byType.computeIfAbsent(types.typeName(type), first -> new HashSet<>())
                        .add(type.agency());
            }
        }
        decided.forEach((agency, its) -> its.issues().stream()
                .map(TypeRef::name)
                .filter(typeNames::contains)
                .forEach(name ->
                        byType.computeIfAbsent(name, first -> new HashSet<>()).add(agency)));
        return byType;
    }

    private static Map<String, Set<String>> leaves(Map<String, Set<String>> byType, List<AgencyCertificate> valid) {
        Map<String, Set<String>> issuers = new HashMap<>();
        byType.forEach((type, agencies) -> issuers.put(
                type,
                valid.stream()
                        .filter(certificate -> certificate.purpose() == Purpose.CREDENTIAL_ISSUER)
                        .filter(certificate -> agencies.contains(certificate.agency()))
                        .map(certificate -> Sha256.hex(certificate.leaf()))
                        .collect(Collectors.toSet())));
        return issuers;
    }
}
