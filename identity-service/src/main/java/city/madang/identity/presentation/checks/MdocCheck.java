package city.madang.identity.presentation.checks;

import city.madang.identity.certificates.Signer;
import city.madang.identity.dcql.PresentationFormat;
import city.madang.identity.dcql.PresentedCredential;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.DeviceResponses;
import city.madang.identity.mdoc.PresentedMdoc;
import city.madang.identity.mdoc.SessionTranscripts;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A presented mdoc (OpenID4VP 1.0 appendix B.2): one document in a {@code DeviceResponse} of its own. Nonce, client identifier,
 * response endpoint and encryption key are all under the device's signature.
 */
record MdocCheck(Expected expected, IssuerTrust issuers, SignerTrust trust) {

    Checked check(String text, Instant now) throws Failed {
        Look look = new Look();
        PresentedMdoc document = look.at(text, now);
        List<List<Object>> disclosed = new ArrayList<>();
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        document.nameSpaces().forEach((nameSpace, elements) -> {
            claims.put(nameSpace, JsonValues.of(elements));
            elements.keySet().forEach(element -> disclosed.add(List.of(nameSpace, element)));
        });
        return new Checked(
                new PresentedCredential(
                        PresentationFormat.MSO_MDOC,
                        document.docType(),
                        claims,
                        disclosed,
                        Step.SIGNATURE.check(() -> AuthorityKeys.of(document.chain())),
                        true),
                new Verdict.StatusQuestion(document.status(), look.issuer()));
    }

    /** One look at a document, which knows where it has come to. */
    private final class Look {
        private Step step = Step.SIGNATURE;
        private @Nullable Signer signer;

        PresentedMdoc at(String text, Instant now) throws Failed {
            try {
                byte[] response = Base64Url.decode(text);
                @Nullable String thumbprint = expected.keyThumbprint();
                byte[] transcript = SessionTranscripts.openId4Vp(
                        expected.clientId(),
                        expected.nonce(),
                        thumbprint == null ? null : Base64Url.decode(thumbprint),
                        expected.responseUri());
                List<PresentedMdoc> documents =
                        DeviceResponses.check(response, transcript, this::leafOf, now, this::at);
                if (documents.size() != 1) {
                    throw new Malformed("a DeviceResponse must hold one document");
                }
                step = Step.SIGNATURE;
                issuers.check(issuer(), documents.getFirst().docType());
                return documents.getFirst();
            } catch (Malformed malformed) {
                throw new Failed(step, malformed);
            }
        }

        private X509Certificate leafOf(@Nullable Object x5c) throws Malformed {
            Signer found = trust.of(x5c);
            signer = found;
            return found.certificate();
        }

        private void at(DeviceResponses.Stage stage) {
            step = switch (stage) {
                case ISSUER -> Step.SIGNATURE;
                case VALIDITY -> Step.VALIDITY;
                case DEVICE -> Step.KEY_BINDING;
            };
        }

        Signer issuer() {
            Signer found = signer;
            if (found == null) {
                throw new IllegalStateException("a document was taken whose issuer nobody looked at");
            }
            return found;
        }
    }
}
