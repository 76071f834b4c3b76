package city.madang.records.agencies;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What an agency seals with; the private key stays in the keyring.
 *
 * @param keyId of the keyring
 * @param chain leaf first, without the root
 */
public record Seal(String agency, String nameKo, String nameEn, String keyId, List<X509Certificate> chain) {}
