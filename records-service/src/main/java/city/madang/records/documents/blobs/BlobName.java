package city.madang.records.documents.blobs;

import java.util.regex.Pattern;

/** Names of blobs. */
public final class BlobName {

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

    private BlobName() {}

    public static boolean fits(String name) {
        return NAME.matcher(name).matches();
    }

    static String checked(String name) {
        if (!fits(name)) {
            throw new IllegalArgumentException("not a blob's name");
        }
        return name;
    }
}
