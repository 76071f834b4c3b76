package city.madang.records.agencies;

import city.madang.kit.events.Poison;
import city.madang.kit.keys.Keyring;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** The key of each agency's seal: requests for certificates and what comes back. Blocking. */
@ApplicationScoped
public class SealKeys implements SealSigner {

    private static final java.math.BigInteger ORDER =
            new java.math.BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /** A leaf and an intermediate; more is not expected from the city's own CA. */
    private static final int LONGEST_CHAIN = 4;

    private final Keyring keyring;
    private final TrustAnchor anchor;

    SealKeys(Keyring keyring, TrustAnchor anchor) {
        this.keyring = keyring;
        this.anchor = anchor;
    }

    static String id(String agency) {
        return "agency/" + agency + "/record-seal";
    }

    /** A PKCS#10 request for the seal's key, made now if there is none; DER. */
    byte[] certificateRequest(String agency, String name) {
        PublicKey key = keyring.createIfAbsent(id(agency), Keyring.Algorithm.ES256);
        try {
            return new JcaPKCS10CertificationRequestBuilder(
                            new X500NameBuilder(BCStyle.INSTANCE)
                                    .addRDN(BCStyle.O, name)
                                    .addRDN(BCStyle.CN, agency)
                                    .build(),
                            key)
                    .build(signer(agency))
                    .getEncoded();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public byte[] sign(String agency, byte[] message) {
        byte[] signature = keyring.sign(id(agency), message);
        try {
            return StandardDSAEncoding.INSTANCE.encode(
                    ORDER,
                    PlainDSAEncoding.INSTANCE.decode(ORDER, signature)[0],
                    PlainDSAEncoding.INSTANCE.decode(ORDER, signature)[1]);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** @throws Poison if the chain is not for this agency's key or does not lead to the trust anchor */
    void check(String agency, List<X509Certificate> chain) {
        Optional<PublicKey> key = keyring.publicKey(id(agency));
        if (chain.isEmpty() || chain.size() > LONGEST_CHAIN || key.isEmpty()) {
            throw new Poison("no certificate was asked for, or none came");
        }
        try {
            if (!Arrays.equals(
                    chain.getFirst().getPublicKey().getEncoded(), key.get().getEncoded())) {
                throw new Poison("the certificate is for another key");
            }
            List<X509Certificate> path = new ArrayList<>(chain);
            anchor.certificate().ifPresent(path::add);
            for (int i = 0; i + 1 < path.size(); i++) {
                path.get(i).verify(path.get(i + 1).getPublicKey());
            }
        } catch (GeneralSecurityException broken) {
            throw new Poison("the certificate chain does not hold", broken);
        }
    }

    /** @throws Poison if an item is not the base64 of a certificate */
    static List<X509Certificate> parse(List<String> chain) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> certificates = new ArrayList<>();
            for (String certificate : chain) {
                certificates.add((X509Certificate) factory.generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(certificate))));
            }
            return certificates;
        } catch (CertificateException | IllegalArgumentException malformed) {
            throw new Poison("not a certificate", malformed);
        }
    }

    private ContentSigner signer(String agency) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        return new ContentSigner() {
            @Override
            public AlgorithmIdentifier getAlgorithmIdentifier() {
                return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
            }

            @Override
            public OutputStream getOutputStream() {
                return message;
            }

            @Override
            public byte[] getSignature() {
                return sign(agency, message.toByteArray());
            }
        };
    }
}
