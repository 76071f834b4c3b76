package city.madang.contracts;

import java.util.List;

/**
 * Who must agree before an account's lost key is replaced.
 *
 * @param agencies addresses of those who approve, each once
 * @param approvalsNeeded how many of them must
 * @param delaySeconds between the last approval that is needed and the new key
 */
public record RecoveryCouncil(List<String> agencies, int approvalsNeeded, long delaySeconds) {

    /** Nobody: keys are never recovered. */
    public static final RecoveryCouncil NONE = new RecoveryCouncil(List.of(), 0, 0);

    /** @throws IllegalArgumentException when one is no address */
    public RecoveryCouncil {
        agencies = agencies.stream().map(CallData::address).toList();
    }
}
