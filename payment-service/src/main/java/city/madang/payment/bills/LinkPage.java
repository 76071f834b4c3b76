package city.madang.payment.bills;

import static city.madang.kit.html.Html.escaped;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/**
 * The page behind a payment link, for a person whose camera opened it: what is to be paid, to whom, and how a wallet pays it. Shows
 * what {@link PayableBill} tells, so not whose bill it is. Without scripts, images from elsewhere or cookies.
 */
final class LinkPage {

    private static final ZoneId CITY = ZoneId.of("Asia/Seoul");

    private static final String STYLE =
            """
            body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
            dt{color:#555}dd{margin:0 0 .8rem;font-weight:600}.amount{font-size:2rem}.state{padding:.6rem 1rem;border:2px solid}
            .qr{width:12rem;height:12rem}a.open{display:inline-block;padding:.8rem 1.4rem;background:#0b4f9c;color:#fff;
            border-radius:.4rem;text-decoration:none}code{overflow-wrap:anywhere}""";

    private final boolean korean;

    LinkPage(boolean korean) {
        this.korean = korean;
    }

    private String say(String ko, String en) {
        return korean ? ko : en;
    }

    /** What the link's bill asks for. */
    String of(PayableBill bill, String url) {
        StringBuilder body = new StringBuilder();
        body.append("<h1>")
                .append(escaped(say(bill.title().ko(), bill.title().en())))
                .append("</h1><dl>");
        item(body, say("받는 기관", "To be paid to"), escaped(bill.payeeAgency()), "");
        item(body, say("금액", "Amount"), won(bill.amount()), " class=\"amount\"");
        if (bill.left() != bill.amount()) {
            item(body, say("남은 금액", "Left to pay"), won(bill.left()), "");
        }
        if (bill.dueAt() != null) {
            item(body, say("납부 기한", "Due"), date(bill.dueAt()), "");
        }
        body.append("</dl><p class=\"state\" role=\"status\">")
                .append(state(bill))
                .append("</p>");
        if (bill.state().equals("open")) {
            pay(body, bill, url);
        }
        return page(say("청구서", "Bill"), body.toString());
    }

    private void pay(StringBuilder body, PayableBill bill, String url) {
        String wallet = "madang-wallet://pay?link=" + URLEncoder.encode(url, StandardCharsets.UTF_8);
        body.append("<h2>").append(say("납부하는 방법", "How to pay")).append("</h2><p><a class=\"open\" href=\"");
        body.append(escaped(wallet))
                .append("\">")
                .append(say("지갑에서 열기", "Open the wallet"))
                .append("</a></p><p>");
        body.append(say(
                "다른 기기의 지갑으로 아래 코드를 찍거나, 명령줄 지갑에서 다음과 같이 납부할 수 있습니다.",
                "Or scan this code with the wallet of another device, or pay with the wallet's command line:"));
        body.append("</p><div class=\"qr\">").append(PaymentLink.svg(url)).append("</div><p><code>madang-wallet pay ");
        body.append(escaped(url)).append("</code></p><p>");
        body.append(say(
                "누구나 대신 납부할 수 있으며, 청구서는 한 번만 납부됩니다. 이 페이지는 누구의 청구서인지 알려 주지 않습니다.",
                "Anyone may pay it, and it is paid once at most. This page does not say whose bill it is."));
        if (bill.partial()) {
            body.append(' ').append(say("나누어 낼 수 있습니다.", "It may be paid in instalments."));
        }
        body.append("</p>");
    }

    private String state(PayableBill bill) {
        return switch (bill.state()) {
            case "paid" -> say("납부가 끝났습니다.", "It is paid.");
            case "paying" -> say("납부가 처리되고 있습니다.", "A payment is on its way.");
            case "cancelled" -> say("기관이 취소한 청구서입니다.", "The agency has withdrawn it.");
            default ->
                bill.overdue() ? say("납부 기한이 지났습니다.", "It is overdue.") : say("아직 납부되지 않았습니다.", "It is not paid yet.");
        };
    }

    /** A link that nobody was given. */
    String unknown() {
        return page(
                say("청구서", "Bill"),
                "<h1>" + say("청구서를 찾을 수 없습니다", "There is no such bill") + "</h1><p>"
                        + say("주소를 다시 확인해 주세요.", "Look at the address again.") + "</p>");
    }

    private String page(String title, String body) {
        String other = korean ? "en" : "ko";
        return "<!doctype html><html lang=\"" + say("ko", "en") + "\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"robots\" content=\"noindex\"><title>" + title + " · 마당</title><style>" + STYLE
                + "</style></head><body><main>" + body + "</main><p><a lang=\"" + other + "\" href=\"?lang=" + other
                + "\">" + (korean ? "English" : "한국어") + "</a></p></body></html>";
    }

    private static void item(StringBuilder body, String name, String value, String more) {
        body.append("<dt>")
                .append(name)
                .append("</dt><dd")
                .append(more)
                .append('>')
                .append(value)
                .append("</dd>");
    }

    private String won(long amount) {
        return String.format(Locale.ROOT, "%,d", amount) + say("원", " won");
    }

    private String date(Instant due) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(korean ? Locale.KOREAN : Locale.ENGLISH)
                .format(due.atZone(CITY));
    }
}
