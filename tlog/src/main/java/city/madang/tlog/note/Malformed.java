package city.madang.tlog.note;

/** A text that is not of the form its standard demands. The message says what is wrong, and holds nothing secret. */
public final class Malformed extends Exception {

    private static final long serialVersionUID = 1;

    public Malformed(String what) {
        super(what);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
