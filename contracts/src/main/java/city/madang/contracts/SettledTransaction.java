package city.madang.contracts;

import java.util.List;
import java.util.Optional;

/**
 * What one transaction settled.
 *
 * @param transactionHash {@code 0x}-hex
 * @param blockNumber the block it is in
 * @param blockHash that block's, {@code 0x}-hex
 * @param events in the order of the block
 */
public record SettledTransaction(
        String transactionHash, long blockNumber, String blockHash, List<SettledEvent> events) {

    /** Keeps its own copy of {@code events}. */
    public SettledTransaction {
        events = List.copyOf(events);
    }

    /**
     * A {@code Settled} event.
     *
     * @param outcome what it says
     * @param logIndex its place among all events of the block
     */
    public record SettledEvent(Outcome.Settled outcome, long logIndex) {}

    /** The event of an authorisation. */
    public Optional<SettledEvent> of(Bytes32 authorisation) {
        return events.stream()
                .filter(event -> event.outcome().authorisation().equals(authorisation))
                .findFirst();
    }

    /** The tree over all of it. */
    public SettledTree tree() {
        return new SettledTree(events.stream().map(SettledEvent::outcome).toList());
    }
}
