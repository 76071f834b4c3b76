package city.madang.records.documents.content;

/** Content that is not taken; the message says why, for whoever sent it, and repeats nothing of the content. */
public final class Refused extends Exception {

    public Refused(String why) {
        super(why, null, false, false);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
