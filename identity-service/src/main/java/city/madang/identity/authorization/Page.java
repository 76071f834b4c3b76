package city.madang.identity.authorization;

import static city.madang.kit.html.Html.escaped;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** The few pages that a citizen sees here, in Korean and English. */
final class Page {

    private Page() {}

    /** Something that is to be given to a wallet. @param agency who issues it */
    record Item(String nameKo, String nameEn, String agencyKo, String agencyEn) {}

    /** The browser is to be sent to nobody: whoever made this link is not known. */
    static Response problem(String ko, String en) {
        return html(
                400,
                "<h1>연결할 수 없습니다 · This link does not work</h1><p>" + escaped(ko) + "</p><p>" + escaped(en) + "</p>");
    }

    /** Asks the citizen; the form comes back with {@code token} and {@code decision}. */
    static Response consent(String wallet, List<Item> items, String token) {
        StringBuilder body = new StringBuilder();
        body.append("<h1>지갑에 증명서를 넣을까요? · Add to your wallet?</h1><p>")
                .append(escaped(wallet))
                .append("</p><ul>");
        for (Item item : items) {
            body.append("<li>")
                    .append(escaped(item.nameKo() + " (" + item.agencyKo() + ")"))
                    .append("<br>")
                    .append(escaped(item.nameEn() + " (" + item.agencyEn() + ")"))
                    .append("</li>");
        }
        body.append("</ul><form method=\"post\" action=\"/identity/authorize/consent\">")
                .append("<input type=\"hidden\" name=\"token\" value=\"")
                .append(escaped(token))
                .append("\"><button name=\"decision\" value=\"allow\">허용 · Allow</button> ")
                .append("<button name=\"decision\" value=\"deny\">거부 · Deny</button></form>");
        return html(200, body.toString());
    }

    private static Response html(int status, String body) {
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .entity("<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width\"><title>마당 · Madang</title></head><body><main>"
                        + body
                        + "</main></body></html>")
                .build();
    }
}
