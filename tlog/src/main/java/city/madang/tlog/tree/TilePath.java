package city.madang.tlog.tree;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tile as a path names it: {@code 0/x001/x234/067} or {@code 0/067.p/8} (C2SP tlog-tiles, "Merkle tree"), and entry
 * bundles as {@code x001/234.p/8}.
 *
 * @param width 256 unless the path names a partial tile
 */
public record TilePath(long number, int width) {

    private static final Pattern FORM = Pattern.compile("((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** Empty unless {@code path} is the one canonical way to name the tile. */
    public static Optional<TilePath> parse(String path) {
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1).replaceAll("[x/]", "") + matcher.group(2));
        @Nullable String partial = matcher.group(3);
        int width = partial == null ? Tiles.WIDTH : Integer.parseInt(partial);
        TilePath parsed = new TilePath(number, width);
        boolean canonical = width <= Tiles.WIDTH - (partial == null ? 0 : 1)
                && parsed.number(number).equals(matcher.group(1) + matcher.group(2));
        return canonical ? Optional.of(parsed) : Optional.empty();
    }

    /** The path below the level. */
    public String format() {
        return number(number) + (width == Tiles.WIDTH ? "" : ".p/" + width);
    }

    private String number(long value) {
        StringBuilder text = new StringBuilder("%03d".formatted(value % 1000));
        for (long rest = value / 1000; rest > 0; rest /= 1000) {
            text.insert(0, "x%03d/".formatted(rest % 1000));
        }
        return text.toString();
    }
}
