package city.madang.kit.events;

/** An event that can never be taken: malformed, or contrary to what is already true. It goes to the dead-letter topic. */
public final class Poison extends RuntimeException {
    public Poison(String why) {
        super(why);
    }

    public Poison(String why, Throwable cause) {
        super(why, cause);
    }
}
