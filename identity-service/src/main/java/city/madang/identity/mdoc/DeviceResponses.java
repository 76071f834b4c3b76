package city.madang.identity.mdoc;

import city.madang.identity.jose.Malformed;
import city.madang.identity.sdjwt.SdJwtPresentation.ChainTrust;
import java.time.Instant;
import java.util.List;

/** Checks a {@code DeviceResponse} (ISO/IEC 18013-5 §8.3.2.1.2.2 and §9). */
public final class DeviceResponses {

    private DeviceResponses() {}

    /**
     * All documents of the response, each of which holds.
     *
     * @param sessionTranscript CBOR, from {@link SessionTranscripts}
     * @param trust is given the chain as an {@code x5c} header would hold it
     * @throws Malformed with the reason, if anything at all is wrong with any of them
     */
    public static List<PresentedMdoc> check(
            byte[] deviceResponse, byte[] sessionTranscript, ChainTrust trust, Instant now) throws Malformed {
        throw new Malformed("mdoc is not taken yet: " + deviceResponse.length + sessionTranscript.length + trust + now);
    }
}
