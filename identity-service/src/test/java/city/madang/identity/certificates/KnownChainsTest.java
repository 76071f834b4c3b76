package city.madang.identity.certificates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.identity.jose.Malformed;
import java.math.BigInteger;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chain that was good is not good for ever. */
class KnownChainsTest {

    private static final Instant BEGIN = Instant.parse("2027-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private final List<@Nullable Object> checked = new ArrayList<>();
    private final KnownChains known = new KnownChains(new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private static X509Certificate endingAfter(Duration life) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                new X500Name("CN=CA"),
                                BigInteger.TEN,
                                Date.from(BEGIN.minus(Duration.ofDays(1))),
                                Date.from(BEGIN.plus(life)),
                                new X500Name("CN=Leaf"),
                                pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    private X509Certificate ask(List<?> x5c, X509Certificate... good) throws Malformed {
        return known.leafOf(x5c, asked -> {
            checked.add(asked);
            return List.of(good);
        });
    }

    @Test
    void a_good_chain_is_checked_once_a_minute() throws Exception {
        X509Certificate leaf = endingAfter(Duration.ofDays(1));
        for (int second = 0; second < 60; second++) {
            now = BEGIN.plusSeconds(second);
            assertEquals(leaf, ask(List.of("leaf", "ca"), leaf));
        }
        assertEquals(1, checked.size());
        now = BEGIN.plusSeconds(60);
        ask(List.of("leaf", "ca"), leaf);
        assertEquals(2, checked.size());
    }

    @Test
    void no_certificate_counts_longer_than_it_lives() throws Exception {
        X509Certificate leaf = endingAfter(Duration.ofDays(1));
        X509Certificate ca = endingAfter(Duration.ofSeconds(20));
        ask(List.of("leaf", "ca"), leaf, ca);
        now = BEGIN.plusSeconds(20);
        assertThrows(
                Malformed.class,
                () -> known.leafOf(List.of("leaf", "ca"), asked -> {
                    throw new Malformed("expired");
                }));
    }

    @Test
    void another_chain_is_checked_for_itself() throws Exception {
        X509Certificate leaf = endingAfter(Duration.ofDays(1));
        ask(List.of("leaf", "ca"), leaf);
        ask(List.of("leaf"), leaf);
        ask(List.of("leaf", "other"), leaf);
        ask(List.of("ca", "leaf"), leaf);
        assertEquals(4, checked.size());
    }

    @Test
    void a_bad_chain_is_never_remembered_as_good() throws Exception {
        for (int time = 0; time < 2; time++) {
            assertThrows(
                    Malformed.class,
                    () -> known.leafOf(List.of("forged"), asked -> {
                        checked.add(asked);
                        throw new Malformed("forged");
                    }));
        }
        assertThrows(
                Malformed.class,
                () -> known.leafOf("no list", asked -> {
                    throw new Malformed("no list");
                }));
        assertEquals(2, checked.size());
    }
}
