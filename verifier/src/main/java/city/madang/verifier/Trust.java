package city.madang.verifier;

import city.madang.tlog.policy.TrustPolicy;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Whom to believe. All else is a claim.
 *
 * @param roots of the city's CA
 * @param timestampRoots of timestamp authorities
 * @param policy logs and witnesses (C2SP tlog-policy); empty if nothing is known of logs
 * @param list the city's list of agencies; empty if there is none at hand
 * @param anchors what the anchor contract holds
 */
public record Trust(
        List<X509Certificate> roots,
        List<X509Certificate> timestampRoots,
        Optional<TrustPolicy> policy,
        Optional<TrustList> list,
        List<Anchor> anchors) {

    public Trust {
        roots = List.copyOf(roots);
        timestampRoots = List.copyOf(timestampRoots);
        anchors = List.copyOf(anchors);
    }
}
