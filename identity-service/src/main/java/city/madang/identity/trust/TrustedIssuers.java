package city.madang.identity.trust;

import city.madang.identity.agencies.Agency;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Certificates;
import city.madang.identity.certificates.Iaca;
import city.madang.identity.certificates.Iacas;
import city.madang.identity.jose.Sha256;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.CredentialTypes;
import city.madang.identity.types.Format;
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
    private final Iacas iacas;
    private final Rights rights;

    TrustedIssuers(CredentialTypes types, Certificates certificates, Iacas iacas, Rights rights) {
        this.iacas = iacas;
        this.types = types;
        this.certificates = certificates;
        this.rights = rights;
    }

    /**
     * For each type that someone may issue, SHA-256 (hex) of the leaf certificates of those who may: valid now and not revoked, of
     * agencies that are not revoked. Certificates from before a key rotation are among them until they end. Mdocs are for document
     * signers to sign, and for certificates for credentials from before the city had an IACA.
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
                            .chain(valid -> iacas.all(session).map(roots -> leaves(byType, valid, roots)));
                });
    }

    private Map<TypeRef, Set<String>> agencies(
            List<CredentialType> known, Map<String, AgencyRights> decided, Set<String> typeNames) {
        Map<TypeRef, Set<String>> byType = new HashMap<>();
        for (CredentialType type : known) {
            if (decided.getOrDefault(type.agency(), AgencyRights.DEFAULT).mayIssue(rights.ref(type), true)) {
                byType.computeIfAbsent(rights.ref(type), first -> new HashSet<>())
                        .add(type.agency());
            }
        }
        decided.forEach((agency, its) -> its.issues().stream()
                .filter(type -> typeNames.contains(type.name()))
                .forEach(type ->
                        byType.computeIfAbsent(type, first -> new HashSet<>()).add(agency)));
        return byType;
    }

    private static Map<String, Set<String>> leaves(
            Map<TypeRef, Set<String>> byType, List<AgencyCertificate> valid, List<Iaca> iacas) {
        Map<String, Set<String>> issuers = new HashMap<>();
        byType.forEach((type, agencies) -> valid.stream()
                .filter(certificate -> agencies.contains(certificate.agency()))
                .filter(certificate -> maySign(certificate, type.format(), iacas))
                .forEach(certificate -> issuers.computeIfAbsent(type.name(), first -> new HashSet<>())
                        .add(Sha256.hex(certificate.leaf()))));
        return issuers;
    }

    /** @param iacas all there ever were, oldest first */
    static boolean maySign(AgencyCertificate certificate, Format format, List<Iaca> iacas) {
        return switch (certificate.purpose()) {
            case DOCUMENT_SIGNER -> format == Format.MSO_MDOC;
            case CREDENTIAL_ISSUER ->
                format == Format.SD_JWT_VC
                        || iacas.isEmpty()
                        || certificate.issued().isBefore(iacas.getFirst().made());
            default -> false;
        };
    }
}
