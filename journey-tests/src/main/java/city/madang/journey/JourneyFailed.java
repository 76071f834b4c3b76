package city.madang.journey;

/** A step of the journey did not hold; the message says which and how. */
public final class JourneyFailed extends RuntimeException {
    public JourneyFailed(String message) {
        super(message);
    }
}
