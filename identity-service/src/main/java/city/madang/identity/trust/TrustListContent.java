package city.madang.identity.trust;

import city.madang.identity.agencies.Agency;
import city.madang.identity.certificates.AgencyCertificate;
import city.madang.identity.certificates.Iaca;
import city.madang.identity.certificates.Purpose;
import city.madang.identity.language.LocalText;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.types.CredentialType;
import city.madang.identity.types.Format;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the trust list says: a List of Trusted Entities in JSON (ETSI TS 119 602 §6, annex A). An agency is there with the certificates
 * of its keys; what each may do stands in the extensions of its services, in the form of registration certificates (ETSI TS
 * 119 475: credentials with {@code format}, {@code meta} and {@code claim}).
 */
final class TrustListContent {

    private static final String ISSUANCE = "http://uri.etsi.org/19602/SvcType/PubEAA/Issuance";
    private static final String REVOCATION = "http://uri.etsi.org/19602/SvcType/PubEAA/Revocation";

    /** ETSI names no service type for those who ask. */
    private static final String RELYING_PARTY = "urn:madang:trust-list:service:relying-party";

    /** Nor, here, for the root of document signers (ISO/IEC 18013-5 B.1.2). */
    private static final String IACA = "urn:madang:trust-list:service:iaca";

    /** Nor for those who seal records. */
    private static final String RECORD_SEAL = "urn:madang:trust-list:service:record-seal";

    private static final String LIST_TYPE = "urn:madang:trust-list:agencies";

    private static final int LOTE_VERSION = 1;

    private final IdentitySettings settings;
    private final Read read;

    /**
     * What it is made of.
     *
     * @param operator the agency that signs for the city
     * @param agencies that may act, by id
     * @param certificates of theirs that are good
     * @param iacas of the city, oldest first
     */
    record Read(
            Agency operator,
            List<Agency> agencies,
            Map<String, AgencyRights> rights,
            List<OwnedType> types,
            List<AgencyCertificate> certificates,
            List<Iaca> iacas) {}

    /** @param ref what the type is called */
    record OwnedType(CredentialType type, TypeRef ref) {}

    TrustListContent(IdentitySettings settings, Read read) {
        this.settings = settings;
        this.read = read;
    }

    /** All but what changes with each publication. */
    List<Map<String, Object>> entities() {
        return read.agencies().stream()
                .filter(agency -> !services(agency).isEmpty())
                .map(this::entity)
                .toList();
    }

    /** The whole list. */
    Map<String, Object> list(long sequence, Instant issued, Instant nextUpdate) {
        Map<String, Object> scheme = new LinkedHashMap<>();
        scheme.put("LoTEVersionIdentifier", LOTE_VERSION);
        scheme.put("LoTESequenceNumber", sequence);
        scheme.put("LoTEType", LIST_TYPE);
        scheme.put("SchemeOperatorName", names(read.operator().name()));
        scheme.put("SchemeOperatorAddress", address("SchemeOperator", settings.origin()));
        scheme.put("SchemeName", names(new LocalText("마당시 기관 신뢰 목록", "Madang: agencies and what they may do")));
        scheme.put("SchemeInformationURI", uris(settings.issuer() + "/trust-list"));
        scheme.put("SchemeTerritory", settings.trustList().territory());
        scheme.put("ListIssueDateTime", time(issued));
        scheme.put("NextUpdate", time(nextUpdate));
        scheme.put("DistributionPoints", List.of(settings.issuer() + "/trust-list"));
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("ListAndSchemeInformation", scheme);
        list.put("TrustedEntitiesList", entities());
        return Map.of("LoTE", list);
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private Map<String, Object> entity(Agency agency) {
        String page = settings.issuer() + "/agencies/" + agency.id();
        Map<String, Object> information = new LinkedHashMap<>();
        information.put("TEName", names(agency.name()));
        information.put("TETradeName", List.of(text("en", agency.id())));
        information.put("TEAddress", address("TE", page));
        information.put("TEInformationURI", uris(page));
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("TrustedEntityInformation", information);
        entity.put("TrustedEntityServices", services(agency));
        return entity;
    }

    private List<Map<String, Object>> services(Agency agency) {
        AgencyRights rights = read.rights().getOrDefault(agency.id(), AgencyRights.DEFAULT);
        List<OwnedType> owned = read.types().stream()
                .filter(type -> type.type().agency().equals(agency.id()))
                .toList();
        List<Map<String, Object>> services = new ArrayList<>();
        if (agency.id().equals(read.operator().id()) && !read.iacas().isEmpty()) {
            services.add(
                    service(IACA, new LocalText("모바일 문서 최상위 인증기관", "Root of document signers"), iacas(), Map.of()));
        }
        boolean issuesAny = false;
        for (Format format : List.of(Format.SD_JWT_VC, Format.MSO_MDOC)) {
            List<String> issuers =
                    leaves(agency, certificate -> TrustedIssuers.maySign(certificate, format, read.iacas()));
            List<Map<String, Object>> issues = issues(rights, owned, format);
            issuesAny |= !issues.isEmpty();
            if (!issuers.isEmpty() && !issues.isEmpty()) {
                services.add(service(
                        ISSUANCE,
                        format == Format.MSO_MDOC
                                ? new LocalText("모바일 문서 발급", "Issuance of mdocs")
                                : new LocalText("증명서 발급", "Issuance of credentials"),
                        issuers,
                        Map.of("provides_attestations", issues)));
            }
        }
        if (issuesAny) {
            List<String> listSigners = leaves(
                    agency,
                    certificate -> certificate.purpose() == Purpose.CREDENTIAL_ISSUER
                            || certificate.purpose() == Purpose.MDOC_STATUS);
            if (!listSigners.isEmpty()) {
                services.add(service(
                        REVOCATION, new LocalText("증명서 상태 목록", "Status lists of credentials"), listSigners, Map.of()));
            }
        }
        List<String> verifiers = leaves(agency, Purpose.VERIFIER);
        List<Map<String, Object>> asks = asks(rights, owned);
        if (!verifiers.isEmpty() && !asks.isEmpty()) {
            services.add(service(
                    RELYING_PARTY,
                    new LocalText("증명서 확인", "Requests for credentials"),
                    verifiers,
                    Map.of("credentials", asks)));
        }
        List<String> seals = leaves(agency, Purpose.RECORD_SEAL);
        if (!seals.isEmpty()) {
            services.add(service(RECORD_SEAL, new LocalText("기록 봉인", "Seals of records"), seals, Map.of()));
        }
        return services;
    }

    private List<String> iacas() {
        Instant now = Instant.now();
        return read.iacas().stream()
                .filter(iaca -> !iaca.isOver(now))
                .map(iaca -> Base64.getEncoder().encodeToString(iaca.der()))
                .toList();
    }

    private List<String> leaves(Agency agency, Purpose purpose) {
        return leaves(agency, certificate -> certificate.purpose() == purpose);
    }

    private List<String> leaves(Agency agency, Predicate<AgencyCertificate> wanted) {
        return read.certificates().stream()
                .filter(certificate -> certificate.agency().equals(agency.id()) && wanted.test(certificate))
                .map(certificate -> certificate.x5c().getFirst())
                .toList();
    }

    private static List<Map<String, Object>> issues(AgencyRights rights, List<OwnedType> owned, Format format) {
        Stream<TypeRef> own = rights.ownTypes() ? owned.stream().map(OwnedType::ref) : Stream.of();
        return Stream.concat(own, rights.issues().stream())
                .distinct()
                .filter(type -> type.format() == format)
                .map(RightsJson::type)
                .toList();
    }

    private static List<Map<String, Object>> asks(AgencyRights rights, List<OwnedType> owned) {
        List<Map<String, Object>> asks = new ArrayList<>();
        if (rights.ownTypes()) {
            owned.forEach(type -> asks.add(ownAsk(type)));
        }
        rights.asks().forEach(ask -> asks.add(ask(ask)));
        return asks;
    }

    private static Map<String, Object> ownAsk(OwnedType type) {
        Map<String, Object> json = RightsJson.type(type.ref());
        json.put(
                "claim",
                type.type().claims().stream()
                        .map(claim -> Map.of("path", claim.path()))
                        .toList());
        return json;
    }

    private static Map<String, Object> ask(AgencyRights.Ask ask) {
        Map<String, Object> json = RightsJson.type(ask.type());
        json.put(
                "claim",
                ask.claims().stream().map(path -> Map.of("path", path.steps())).toList());
        json.put("purpose", names(ask.purpose()));
        json.put("legal_basis", names(ask.legalBasis()));
        return json;
    }

    private static Map<String, Object> service(
            String type, LocalText name, List<String> certificates, Map<String, Object> extension) {
        Map<String, Object> information = new LinkedHashMap<>();
        information.put("ServiceTypeIdentifier", type);
        information.put("ServiceName", names(name));
        information.put(
                "ServiceDigitalIdentity",
                Map.of(
                        "X509Certificates",
                        certificates.stream()
                                .map(certificate -> Map.of("val", certificate))
                                .toList()));
        if (!extension.isEmpty()) {
            information.put("ServiceInformationExtensions", List.of(extension));
        }
        return Map.of("ServiceInformation", information);
    }

    private Map<String, Object> address(String prefix, String uri) {
        Map<String, Object> postal = new LinkedHashMap<>();
        postal.put("lang", "en");
        postal.put("StreetAddress", settings.trustList().street());
        postal.put("Locality", settings.trustList().locality());
        postal.put("Country", settings.trustList().territory());
        Map<String, Object> address = new LinkedHashMap<>();
        address.put(prefix + "PostalAddress", List.of(postal));
        address.put(prefix + "ElectronicAddress", uris(uri));
        return address;
    }

    private static List<Map<String, Object>> uris(String uri) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lang", "en");
        json.put("uriValue", uri);
        return List.of(json);
    }

    private static List<Map<String, Object>> names(LocalText text) {
        return List.of(text("ko", text.ko()), text("en", text.en()));
    }

    private static Map<String, Object> text(String language, String value) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lang", language);
        json.put("value", value);
        return json;
    }
}
