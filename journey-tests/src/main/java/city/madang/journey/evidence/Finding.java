package city.madang.journey.evidence;

/**
 * One thing checked.
 *
 * @param what in plain words
 * @param holds whether it is proven
 * @param why the evidence, or the reason why it is refused
 */
public record Finding(String what, boolean holds, String why) {

    static Finding proven(String what, String why) {
        return new Finding(what, true, why);
    }

    static Finding refused(String what, String why) {
        return new Finding(what, false, why);
    }
}
