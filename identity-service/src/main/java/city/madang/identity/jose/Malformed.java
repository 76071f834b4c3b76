package city.madang.identity.jose;

/** Something a stranger sent is not well formed; the message says what and quotes nothing of it. */
public final class Malformed extends Exception {
    public Malformed(String what) {
        super(what);
    }
}
