package city.madang.records.paper;

/** No paper came out of a template: it takes too long, too many pages or too many bytes. The message says which. */
public final class PaperRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    PaperRefused(String why) {
        super(why);
    }
}
