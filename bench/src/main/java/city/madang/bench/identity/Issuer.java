package city.madang.bench.identity;

import city.madang.bench.load.Load;
import java.util.List;

/** Who issues: made ready to be asked for credentials, however it wants to be asked. */
interface Issuer {

    /**
     * Everything that a number of issuances need: each is a request for a nonce and a request for credentials whose proofs
     * hold a nonce that was fetched before.
     *
     * @param count of issuances
     * @param proofs in each
     */
    List<List<byte[]>> prepare(int count, int proofs);

    Load load(int connections);
}
