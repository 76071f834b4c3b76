package city.madang.journey;

/** Is told what happens; prints it, or interferes. */
public interface Progress {

    /** Before a step begins. */
    default void begins(Step step) {}

    /** In the middle of a step, when its request has been accepted and its effects are still under way. */
    default void underWay(Step step) {}

    /** After a step held; {@code detail} says what was seen. */
    default void held(Step step, String detail) {}
}
