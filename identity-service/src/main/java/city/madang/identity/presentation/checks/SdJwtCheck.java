package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import city.madang.identity.dcql.PresentationFormat;
import city.madang.identity.dcql.PresentedCredential;
import city.madang.identity.jose.Malformed;
import city.madang.identity.sdjwt.KeyBinding;
import city.madang.identity.sdjwt.SdJwtPresentation;
import city.madang.identity.sdjwt.Validity;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A presented SD-JWT VC (RFC 9901 §7.3, OpenID4VP 1.0 appendix B.3). */
record SdJwtCheck(Expected expected, IssuerTrust issuers, TransactionDataCheck transactionData, SignerTrust trust) {

    Checked check(String credentialId, String text, Instant now) throws Failed {
        SdJwtPresentation shown = Step.SIGNATURE.check(() -> SdJwtPresentation.parse(text));
        Signer issuer = Step.SIGNATURE.check(() -> issuer(shown));
        SdJwtPresentation.Disclosed disclosed = Step.SIGNATURE.check(shown::disclosed);
        Map<String, @Nullable Object> issued = shown.credential().payload();
        Step.VALIDITY.test(() -> Validity.check(issued, now));
        @Nullable KeyBinding binding = shown.keyBinding();
        if (binding != null) {
            check(credentialId, binding, issued, now);
        } else if (expected.query().needsHolderBinding(credentialId)) {
            throw new Failed(Step.KEY_BINDING, new Malformed("the presentation has no key binding"));
        }
        return new Checked(
                new PresentedCredential(
                        PresentationFormat.SD_JWT_VC,
                        Step.SIGNATURE.check(shown::vct),
                        disclosed.claims(),
                        disclosed.places(),
                        Step.SIGNATURE.check(() ->
                                AuthorityKeys.ofX5c(shown.credential().header().get("x5c"))),
                        binding != null),
                new Verdict.StatusQuestion(issued.get("status"), issuer));
    }

    private Signer issuer(SdJwtPresentation shown) throws Malformed {
        Signer issuer = trust.of(shown.credential().header().get("x5c"));
        if (!(issuer.certificate().getPublicKey() instanceof ECPublicKey key)
                || !shown.credential().isSignedBy(key)) {
            throw new Malformed("the credential is not signed by its issuer");
        }
        issuers.check(issuer, shown.vct());
        return issuer;
    }

    private void check(String credentialId, KeyBinding binding, Map<String, @Nullable Object> issued, Instant now)
            throws Failed {
        Step.KEY_BINDING.test(() -> binding.check(issued, now));
        Step.NONCE.test(() -> binding.checkNonce(expected.nonce()));
        Step.AUDIENCE.test(() -> binding.checkAudience(expected.clientId()));
        Step.TRANSACTION_DATA.test(
                () -> transactionData.add(credentialId, binding.jwt().payload()));
    }
}
