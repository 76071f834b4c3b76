package city.madang.kit.html;

/** What others wrote, as a page shows it. */
public final class Html {

    private Html() {}

    /** Text that is neither markup nor the end of an attribute, in single quotes or double ones (HTML §13.1.2.3, §13.1.4). */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
