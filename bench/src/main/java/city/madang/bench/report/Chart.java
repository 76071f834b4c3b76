package city.madang.bench.report;

import static city.madang.kit.html.Html.escaped;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Bars of one figure of each row, on a logarithmic scale: what is compared lies a hundredfold apart. */
public final class Chart {

    private static final int WIDTH = 860;
    private static final int LEFT = 330;
    private static final int RIGHT = 90;
    private static final int TOP = 56;
    private static final int STEP = 30;
    private static final int BAR = 18;

    private Chart() {}

    public static String svg(String title, String unit, ToDoubleFunction<Measured> figure, List<Row> rows) {
        var shown = rows.stream().filter(row -> row.median(figure) > 0).toList();
        var low = Math.floor(Math.log10(
                shown.stream().mapToDouble(row -> row.median(figure)).min().orElse(1)));
        var high = Math.ceil(Math.log10(shown.stream()
                        .mapToDouble(row -> row.median(figure))
                        .max()
                        .orElse(10))
                + 1e-9);
        var height = TOP + STEP * shown.size() + 40;
        var text = new StringBuilder(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" role="img">
                <title>%s</title>
                <rect width="100%%" height="100%%" fill="#fff"/>
                <text x="12" y="26" font-size="16" font-weight="600" fill="#1a1a1a">%s</text>
                """
                        .formatted(WIDTH, height, escaped(title), escaped(title)));
        for (var power = (int) low; power <= high; power++) {
            var x = x(Math.pow(10, power), low, high);
            text.append(
                    """
                    <line x1="%1$.1f" y1="%2$d" x2="%1$.1f" y2="%3$d" stroke="#ddd"/><text x="%1$.1f" y="%4$d" fill="#666" text-anchor="middle">%5$s %6$s</text>
                    """
                            .formatted(x, TOP - 8, height - 34, height - 16, plain(Math.pow(10, power)), unit));
        }
        for (var i = 0; i < shown.size(); i++) {
            var row = shown.get(i);
            var y = TOP + i * STEP;
            var end = x(row.median(figure), low, high);
            text.append(
                    """
                    <text x="%d" y="%d" text-anchor="end" fill="#1a1a1a">%s</text><rect x="%d" y="%d" width="%.1f" height="%d" rx="2" fill="%s"/><text x="%.1f" y="%d" fill="#1a1a1a">%s</text>
                    """
                            .formatted(
                                    LEFT - 8,
                                    y + 14,
                                    escaped(row.title()),
                                    LEFT,
                                    y,
                                    Math.max(1, end - LEFT),
                                    BAR,
                                    colour(row.system()),
                                    end + 6,
                                    y + 14,
                                    Report.figure(row.median(figure))));
        }
        return text.append("</svg>\n").toString();
    }

    private static double x(double value, double low, double high) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(value) - low) / (high - low);
    }

    private static String plain(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    private static String colour(String system) {
        return switch (system) {
            case "madang" -> "#2f6f4f";
            case "keycloak" -> "#b5651d";
            default -> "#9aa0a6";
        };
    }
}
