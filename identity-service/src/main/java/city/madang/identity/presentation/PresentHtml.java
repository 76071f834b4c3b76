package city.madang.identity.presentation;

import static city.madang.kit.html.Html.escaped;

import city.madang.identity.language.LocalText;
import java.util.Map;

/** The holder's page, in Korean and English. */
final class PresentHtml {

    private static final String STYLE =
            """
            :root{color-scheme:light;--ink:#17212b;--soft:#4a5866;--blue:#123c69;--line:#d5dce3}
            *{box-sizing:border-box}
            body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.25rem;color:var(--ink);background:#f6f8fa;
            font:1rem/1.6 "Pretendard","Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",system-ui,sans-serif;word-break:keep-all}
            main{width:100%;max-width:26rem;background:#fff;border:1px solid var(--line);border-radius:1rem;padding:1.75rem;text-align:center}
            h1{margin:0 0 .25rem;font-size:1.4rem;line-height:1.3}
            p{margin:.35rem 0}[lang=en]{color:var(--soft);font-size:.92em}
            .qr svg{width:min(100%,17rem);height:auto;margin:1rem auto .5rem;display:block;border:1px solid var(--line);border-radius:.75rem}
            a.open{display:block;margin:1.25rem 0 .25rem;padding:.8rem 1rem;border-radius:.6rem;background:var(--blue);color:#fff;
            font-weight:600;text-decoration:none}a.open [lang=en]{color:#dbe6f1;display:block;font-weight:400}
            a:focus-visible{outline:3px solid #f2b705;outline-offset:2px}
            .state{margin-top:1.25rem;padding-top:1rem;border-top:1px solid var(--line)}.state strong{display:block}""";

    /** Asks how it stands until it has ended; a page in the background asks nothing. */
    private static final String SCRIPT =
            """
            const box=document.getElementById('state'),texts=JSON.parse(document.getElementById('texts').textContent);
            const show=s=>{box.replaceChildren(...texts[s].map((t,i)=>{const e=document.createElement(i?'p':'strong');
            e.lang=i?'en':'ko';e.textContent=t;return e}));if(s!=='requested')document.getElementById('ask')?.remove()};
            const ask=async()=>{if(!document.hidden){try{const r=await fetch(location.pathname+'/state',{cache:'no-store'});
            if(r.ok){const s=(await r.json()).state;show(s);if(s!=='requested')return}}catch{}}setTimeout(ask,2000)};
            ask();""";

    private static final Map<PresentationState, LocalText> STATES = Map.of(
            PresentationState.REQUESTED,
            new LocalText("지갑의 응답을 기다리고 있습니다.", "Waiting for your wallet."),
            PresentationState.VERIFIED,
            new LocalText("확인되었습니다. 이 창을 닫아도 됩니다.", "Verified. You may close this page."),
            PresentationState.DECLINED,
            new LocalText("제시하지 않았습니다.", "You declined to share."),
            PresentationState.EXPIRED,
            new LocalText(
                    "요청이 만료되었습니다. 기관에서 다시 시작해 주세요.", "The request has expired. Please start again at the agency."));

    private PresentHtml() {}

    static String of(PresentPages.Page page, String scriptNonce) {
        Shown shown = page.shown();
        if (page.isOtherBrowsers()) {
            return otherBrowser();
        }
        LocalText agency = page.agency().name();
        StringBuilder body = new StringBuilder(paragraph(
                "h1", new LocalText(agency.ko() + "에서 증명서를 요청합니다", agency.en() + " asks for your credentials")));
        if (shown.state() == PresentationState.REQUESTED) {
            body.append("<div id=\"ask\">");
            if (!shown.isSameDevice()) {
                body.append("<div class=\"qr\">")
                        .append(QrCode.svg(shown.authorizationRequest()))
                        .append("</div>")
                        .append(paragraph(
                                "p",
                                new LocalText(
                                        "휴대전화의 지갑 앱으로 이 코드를 스캔하세요.", "Scan this code with the wallet on your phone.")));
            }
            body.append("<a class=\"open\" href=\"")
                    .append(escaped(shown.authorizationRequest()))
                    .append(
                            "\"><span lang=\"ko\">이 기기의 지갑 열기</span><span lang=\"en\">Open the wallet on this device</span></a>")
                    .append(paragraph(
                            "p",
                            new LocalText(
                                    "무엇을 보여 줄지는 지갑에서 확인하고 결정합니다.",
                                    "Your wallet shows what is asked for, and you decide there.")))
                    .append("</div>");
        }
        LocalText state = STATES.getOrDefault(shown.state(), new LocalText("", ""));
        body.append("<div class=\"state\" id=\"state\" role=\"status\" aria-live=\"polite\"><strong lang=\"ko\">")
                .append(escaped(state.ko()))
                .append("</strong><p lang=\"en\">")
                .append(escaped(state.en()))
                .append("</p></div>");
        if (shown.state() == PresentationState.REQUESTED) {
            body.append("<script type=\"application/json\" id=\"texts\">")
                    .append(texts())
                    .append("</script><script nonce=\"")
                    .append(scriptNonce)
                    .append("\">")
                    .append(SCRIPT)
                    .append("</script>");
        }
        return document(body.toString());
    }

    static String unknown() {
        return document(paragraph("h1", new LocalText("이런 요청이 없습니다", "There is no such request, or no longer")));
    }

    static String otherBrowser() {
        return document(paragraph("h1", new LocalText("다른 브라우저에서 시작된 요청입니다", "Another browser began this request"))
                + paragraph(
                        "p",
                        new LocalText(
                                "처음 시작한 브라우저에서 계속하거나, 기관에서 다시 시작해 주세요. 누군가 보낸 링크라면 진행하지 마세요.",
                                "Go on in the browser in which you began, or start again at the agency. If someone sent you a link,"
                                        + " do not go on.")));
    }

    private static String texts() {
        StringBuilder json = new StringBuilder("{");
        for (PresentationState state : PresentationState.values()) {
            LocalText text = STATES.getOrDefault(state, new LocalText("", ""));
            json.append(json.length() > 1 ? "," : "")
                    .append("\"%s\":[\"%s\",\"%s\"]".formatted(state.text(), text.ko(), text.en()));
        }
        return json.append('}').toString();
    }

    /** Korean, and English below it. */
    private static String paragraph(String element, LocalText text) {
        return "<%1$s lang=\"ko\">%2$s</%1$s><p lang=\"en\">%3$s</p>"
                .formatted(element, escaped(text.ko()), escaped(text.en()));
    }

    private static String document(String body) {
        return "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">"
                + "<title>마당 · 증명서 제시 | Madang</title><style>" + STYLE + "</style></head><body><main>" + body
                + "</main></body></html>";
    }
}
