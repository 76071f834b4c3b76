package city.madang.payment.chain;

import city.madang.contracts.Chain;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Credentials;
import city.madang.contracts.LedgerRoles;
import java.nio.file.Path;

/**
 * The senders of the ledger's roles.
 *
 * @param operator opens accounts and settles
 * @param auditor attests the reserve
 * @param treasurerA proposes mints
 * @param treasurerB approves them
 */
public record LedgerKeys(ChainSender operator, ChainSender auditor, ChainSender treasurerA, ChainSender treasurerB) {

    static LedgerKeys load(Chain chain, Path folder) {
        return new LedgerKeys(
                sender(chain, folder, "payment-operator"),
                sender(chain, folder, "auditor"),
                sender(chain, folder, "treasurer-a"),
                sender(chain, folder, "treasurer-b"));
    }

    /** The roles of a ledger to be deployed; the identity authority's key is read for its address only. */
    LedgerRoles roles(Path folder) {
        return new LedgerRoles(
                operator.address(),
                auditor.address(),
                treasurerA.address(),
                treasurerB.address(),
                Credentials.load(folder.resolve("identity-authority.hex")).address());
    }

    private static ChainSender sender(Chain chain, Path folder, String name) {
        return new ChainSender(chain, Credentials.load(folder.resolve(name + ".hex")));
    }
}
