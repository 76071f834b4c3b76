package city.madang.identity.presentation.checks;

import city.madang.identity.dcql.PresentationFormat;
import city.madang.identity.dcql.PresentedCredential;
import city.madang.identity.jose.Base64Url;
import city.madang.identity.jose.Malformed;
import city.madang.identity.mdoc.DeviceResponses;
import city.madang.identity.mdoc.PresentedMdoc;
import city.madang.identity.mdoc.SessionTranscripts;
import city.madang.identity.sdjwt.SdJwtPresentation.ChainTrust;
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
record MdocCheck(Expected expected, IssuerTrust issuers, ChainTrust trust) {

    Checked check(String text, Instant now) throws Failed {
        PresentedMdoc document = document(text, now);
        Step.SIGNATURE.test(() -> issuers.check(document.issuer(), document.docType()));
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
                new Verdict.StatusQuestion(document.status(), document.issuer()));
    }

    private PresentedMdoc document(String text, Instant now) throws Failed {
        Progress progress = new Progress();
        byte[] transcript;
        byte[] response;
        try {
            response = Base64Url.decode(text);
            @Nullable String thumbprint = expected.keyThumbprint();
            transcript = SessionTranscripts.openId4Vp(
                    expected.clientId(),
                    expected.nonce(),
                    thumbprint == null ? null : Base64Url.decode(thumbprint),
                    expected.responseUri());
            List<PresentedMdoc> documents = DeviceResponses.check(response, transcript, progress.watch(trust), now);
            if (documents.size() != 1) {
                throw new Malformed("a DeviceResponse must hold one document");
            }
            return documents.getFirst();
        } catch (Malformed malformed) {
            throw new Failed(progress.step, malformed);
        }
    }

    /** The chain is looked at before all else, so what fails later failed at the device's signature. */
    private static final class Progress {
        private Step step = Step.SIGNATURE;

        ChainTrust watch(ChainTrust trust) {
            return x5c -> {
                var leaf = trust.leafOf(x5c);
                step = Step.KEY_BINDING;
                return leaf;
            };
        }
    }
}
