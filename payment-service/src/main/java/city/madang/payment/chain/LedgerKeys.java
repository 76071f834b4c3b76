package city.madang.payment.chain;

import city.madang.contracts.Chain;
import city.madang.contracts.ChainSender;
import city.madang.contracts.Credentials;
import city.madang.contracts.LedgerRoles;
import city.madang.contracts.RecoveryCouncil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The senders of the ledger's roles.
 *
 * @param operator opens accounts and settles
 * @param auditor attests the reserve
 * @param treasurerA proposes mints
 * @param treasurerB approves them
 * @param identityAuthority proposes recoveries; null where the office uses its key itself
 * @param agencies approve recoveries, by their ids; those whose keys are here
 */
public record LedgerKeys(
        ChainSender operator,
        ChainSender auditor,
        ChainSender treasurerA,
        ChainSender treasurerB,
        @Nullable ChainSender identityAuthority,
        SortedMap<String, ChainSender> agencies) {

    private static final String AGENCY = "agency-";
    private static final String HEX = ".hex";

    static LedgerKeys load(Chain chain, Path folder) {
        return new LedgerKeys(
                sender(chain, folder, "payment-operator"),
                sender(chain, folder, "auditor"),
                sender(chain, folder, "treasurer-a"),
                sender(chain, folder, "treasurer-b"),
                Files.exists(folder.resolve("identity-authority.hex"))
                        ? sender(chain, folder, "identity-authority")
                        : null,
                agencies(chain, folder));
    }

    private static SortedMap<String, ChainSender> agencies(Chain chain, Path folder) {
        SortedMap<String, ChainSender> agencies = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, AGENCY + "*" + HEX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                agencies.put(
                        name.substring(AGENCY.length(), name.length() - HEX.length()),
                        new ChainSender(chain, Credentials.load(file)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return agencies;
    }

    /** Most of the agencies whose keys are here; nobody where there are none. */
    RecoveryCouncil council(Duration delay) {
        return agencies.isEmpty()
                ? RecoveryCouncil.NONE
                : new RecoveryCouncil(
                        agencies.values().stream().map(ChainSender::address).toList(),
                        agencies.size() / 2 + 1,
                        delay.toSeconds());
    }

    /** The roles of a ledger to be deployed. */
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
