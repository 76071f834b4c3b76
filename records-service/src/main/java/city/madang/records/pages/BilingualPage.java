package city.madang.records.pages;

import city.madang.kit.html.Html;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jboss.resteasy.reactive.RestResponse;

/** A page in Korean or English. Without scripts, and with nothing fetched but the style sheet of this service. */
public abstract class BilingualPage {

    public static final String HTML = "text/html;charset=UTF-8";

    /** What the pages may do: be styled by this service's style sheet and send their forms here. */
    public static final String POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.of("Asia/Seoul"));

    private final Language language;

    protected BilingualPage(Language language) {
        this.language = language;
    }

    protected final String language() {
        return language.tag();
    }

    protected final String say(String ko, String en) {
        return language.say(ko, en);
    }

    /** The name at the top of the page, in the page's language, and where it leads. */
    protected abstract String site();

    protected abstract String siteHref();

    /** The line at the bottom. */
    protected abstract String footer();

    /** What the link to the other language keeps of the query, HTML: {@code &amp;name=value} or nothing. */
    protected String query() {
        return "";
    }

    /** @param body HTML */
    protected final String page(String title, String body) {
        Language other = language == Language.KO ? Language.EN : Language.KO;
        return """
                <!DOCTYPE html>
                <html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title><link rel="stylesheet" href="%s"></head><body>
                <header><div><a class="name" href="%s?lang=%s">%s</a>
                <nav><a href="?lang=%s%s" lang="%s">%s</a></nav></div></header>
                <main>
                %s</main>
                <footer>%s</footer>
                </body></html>
                """
                .formatted(
                        language.tag(),
                        Html.escaped(title),
                        StyleSheet.PATH,
                        siteHref(),
                        language.tag(),
                        site(),
                        other.tag(),
                        query(),
                        other.tag(),
                        other.say("한국어", "English"),
                        body,
                        footer());
    }

    /** @param value HTML */
    protected static void row(StringBuilder body, String term, String value) {
        body.append("<dt>").append(term).append("</dt><dd>").append(value).append("</dd>\n");
    }

    protected static String time(Instant at) {
        return "<time datetime=\"" + at + "\">" + TIME.format(at) + " KST</time>";
    }

    /** The answer with a page, which is kept by nobody on the way. */
    public static RestResponse<String> answer(Response.Status status, String page) {
        return RestResponse.ResponseBuilder.create(RestResponse.Status.fromStatusCode(status.getStatusCode()), page)
                .type(HTML)
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "private, no-store")
                .header("Vary", "Accept, Accept-Language")
                .build();
    }
}
