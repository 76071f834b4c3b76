package city.madang.records.documents;

import javax.crypto.SecretKey;

/** The key of each agency under which the keys of its documents are wrapped. Blocking. */
public interface WrappingKeys {

    /** AES-256; made now if there is none yet. */
    SecretKey of(String agency);
}
