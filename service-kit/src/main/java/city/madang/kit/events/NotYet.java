package city.madang.kit.events;

/** What an event refers to has not arrived yet, because topics are not ordered among each other; it is tried again. */
public final class NotYet extends RuntimeException {
    public NotYet(String what) {
        super(what);
    }
}
