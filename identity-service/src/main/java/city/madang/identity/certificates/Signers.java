package city.madang.identity.certificates;

import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose signatures count: those of the city's agencies, and of issuers outside the city that the operator trusts for certain
 * types, such as a state's PID or driving licences. Blocking.
 */
@ApplicationScoped
public class Signers {

    private final TrustAnchor city;
    private final Iacas iacas;
    private final IdentitySettings settings;
    private final Map<IacaPath.Role, KnownChains> known = Map.of(
            IacaPath.Role.DOCUMENTS,
            new KnownChains(Clock.systemUTC()),
            IacaPath.Role.LISTS,
            new KnownChains(Clock.systemUTC()));
    private Map<Signer.OtherIssuer, Set<X509Certificate>> others = Map.of();

    @Inject
    Signers(TrustAnchor city, Iacas iacas, IdentitySettings settings) {
        this.city = city;
        this.iacas = iacas;
        this.settings = settings;
    }

    /** A service that cannot read whom it is to trust must not start. */
    void read(@Observes io.quarkus.runtime.StartupEvent started) {
        Map<Signer.OtherIssuer, Set<X509Certificate>> read = new LinkedHashMap<>();
        settings.otherIssuers()
                .forEach((name, issuer) -> read.put(
                        new Signer.OtherIssuer(name, Set.copyOf(issuer.types())), anchors(issuer.certificates())));
        others = read;
    }

    /**
     * Who the leaf of an {@code x5c} header is.
     *
     * @throws Malformed if its chain leads to nobody trusted, with the reason
     */
    public Signer of(@Nullable Object x5c) throws Malformed {
        try {
            return new Signer(city.leafOf(x5c), null);
        } catch (Malformed notOfTheCity) {
            for (Map.Entry<Signer.OtherIssuer, Set<X509Certificate>> other : others.entrySet()) {
                try {
                    return new Signer(CertificatePath.leafOf(x5c, other.getValue(), Instant.now()), other.getKey());
                } catch (Malformed notOfThisOne) {
                    // perhaps of the next
                }
            }
            throw notOfTheCity;
        }
    }

    /**
     * Who has signed an mdoc: a document signer of the city's IACA, or who {@link #of} knows; agencies' certificates for credentials
     * are among those because mdocs were signed with them before the city had an IACA.
     *
     * @throws Malformed if the chain leads to nobody trusted, with the reason
     */
    public Signer ofDocument(@Nullable Object x5c) throws Malformed {
        return ofIaca(x5c, IacaPath.Role.DOCUMENTS);
    }

    /** Who has signed a status list: a signer of lists of mdocs below the city's IACA, or who {@link #of} knows. */
    public Signer ofList(@Nullable Object x5c) throws Malformed {
        return ofIaca(x5c, IacaPath.Role.LISTS);
    }

    private Signer ofIaca(@Nullable Object x5c, IacaPath.Role role) throws Malformed {
        if (iacas.known().isEmpty()) {
            return of(x5c);
        }
        try {
            X509Certificate leaf = Objects.requireNonNull(known.get(role))
                    .leafOf(x5c, chain -> IacaPath.check(chain, iacas(), role, Instant.now()));
            return new Signer(leaf, null, true);
        } catch (Malformed notOfTheIaca) {
            return of(x5c);
        }
    }

    private Set<X509Certificate> iacas() {
        return iacas.known().stream().map(Iaca::certificate).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<X509Certificate> anchors(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Set<X509Certificate> anchors = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .collect(Collectors.toUnmodifiableSet());
            if (anchors.isEmpty()) {
                throw new IllegalStateException("the file of another issuer holds no certificates");
            }
            return anchors;
        } catch (IOException failed) {
            throw new UncheckedIOException("the certificates of another issuer cannot be read", failed);
        } catch (CertificateException broken) {
            throw new IllegalStateException("the file of another issuer holds no certificates", broken);
        }
    }
}
