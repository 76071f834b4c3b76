package city.madang.identity.certificates;

import java.security.cert.X509Certificate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed a credential or a list, by a chain that leads to somebody trusted.
 *
 * @param other null if the chain leads to the city's own root or IACA
 * @param iaca whether it leads to the city's IACA
 */
public record Signer(X509Certificate certificate, @Nullable OtherIssuer other, boolean iaca) {

    public Signer(X509Certificate certificate, @Nullable OtherIssuer other) {
        this(certificate, other, false);
    }

    /**
     * An issuer outside the city.
     *
     * @param name given by the operator
     * @param types that it may issue: {@code vct} values and doctypes
     */
    public record OtherIssuer(String name, Set<String> types) {}
}
