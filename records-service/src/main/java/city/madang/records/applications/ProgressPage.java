package city.madang.records.applications;

import city.madang.kit.html.Html;
import city.madang.records.pages.BilingualPage;
import city.madang.records.pages.Language;

/** The applicant's page of how far an application is, what happened and what happens next. */
final class ProgressPage extends BilingualPage {

    ProgressPage(Language language) {
        super(language);
    }

    @Override
    protected String site() {
        return say("마당시 신청 진행", "Madang: your application");
    }

    @Override
    protected String siteHref() {
        return "";
    }

    @Override
    protected String footer() {
        return say(
                "물은 것과 답한 것은 신청이 끝나면 지워집니다. 시각과 결정 이유는 남습니다.",
                "What was asked and answered is erased when the application has ended; times and reasons of decisions stay.");
    }

    String of(ProgressView view) {
        String title = say(view.title());
        StringBuilder body = new StringBuilder();
        body.append("<h1>")
                .append(Html.escaped(title))
                .append("</h1>\n<p class=\"lead\">")
                .append(Html.escaped(say(view.says())))
                .append("</p>\n<dl>\n");
        row(body, say("신청 번호", "Application"), "<code>" + view.id() + "</code>");
        row(body, say("수수료", "Fee"), fee(view.fee()));
        if (view.level() != null) {
            row(body, say("처리 기한", "Service level"), level(view.level()));
        }
        body.append("</dl>\n");
        if (!view.next().isEmpty()) {
            body.append("<h2>").append(say("다음에 할 일", "What happens next")).append("</h2>\n<ul class=\"steps\">\n");
            view.next().forEach(next -> next(body, next));
            body.append("</ul>\n");
        }
        body.append("<h2>").append(say("지난 일", "What has happened")).append("</h2>\n<ol class=\"steps\">\n");
        view.timeline().forEach(happened -> happened(body, happened));
        return page(title, body.append("</ol>\n").toString());
    }

    private void next(StringBuilder body, ProgressView.Next next) {
        String says = Html.escaped(say(next.says()));
        body.append("<li class=\"")
                .append(next.who())
                .append("\"><b>")
                .append(who(next.who()))
                .append("</b> ");
        body.append(next.href() == null ? says : "<a href=\"" + Html.escaped(next.href()) + "\">" + says + "</a>");
        if (next.until() != null) {
            body.append(" <span>")
                    .append(say("기한 ", "by "))
                    .append(time(next.until()))
                    .append("</span>");
        }
        body.append("</li>\n");
    }

    private void happened(StringBuilder body, ProgressView.Happened happened) {
        body.append("<li>")
                .append(time(happened.at()))
                .append(" <b>")
                .append(Html.escaped(say(happened.says())))
                .append("</b>");
        if (happened.until() != null) {
            body.append(" <span>")
                    .append(say("기한 ", "by "))
                    .append(time(happened.until()))
                    .append("</span>");
        }
        if (happened.text() != null) {
            body.append("<blockquote>").append(Html.escaped(happened.text())).append("</blockquote>");
        }
        body.append("</li>\n");
    }

    private String level(ProgressView.Level level) {
        String days = say(
                "근무일 %d일".formatted(level.workingDays()),
                level.workingDays() == 1 ? "1 working day" : level.workingDays() + " working days");
        if (level.paused()) {
            return days + say(", 답을 기다리는 동안 멈춤", ", resting until the answer");
        }
        String due = level.due() == null ? "" : say(", 기한 ", ", due ") + time(level.due());
        return days
                + due
                + (level.overdue() ? " <strong class=\"late\">" + say("기한이 지났습니다", "overdue") + "</strong>" : "");
    }

    private String who(String who) {
        return switch (who) {
            case "applicant" -> say("신청인", "You");
            case "agency" -> say("기관", "The agency");
            default -> say("자동", "By itself");
        };
    }

    private String fee(String fee) {
        return switch (fee) {
            case "none" -> say("없음", "none");
            case "unbilled" -> say("아직 청구되지 않음", "not billed yet");
            case "billed" -> say("청구됨", "billed");
            case "paid" -> say("납부됨", "paid");
            case "cancelled" -> say("청구 취소", "bill cancelled");
            case "returned" -> say("반환됨", "returned");
            default -> Html.escaped(fee);
        };
    }

    private String say(ProgressView.Says says) {
        return say(says.ko(), says.en());
    }
}
