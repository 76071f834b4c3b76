package city.madang.records.applications;

import static city.madang.records.applications.ProgressSentences.say;

import city.madang.records.applications.ProgressView.Next;
import city.madang.records.applications.ProgressView.Says;
import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.Fee;
import city.madang.records.applications.course.State;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.catalogue.definition.Terms;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Says how far an application is. */
@ApplicationScoped
class Progress {

    private final Saga saga;
    private final Entries entries;

    Progress(Saga saga, Entries entries) {
        this.saga = saga;
        this.entries = entries;
    }

    Uni<ProgressView> of(Mutiny.Session session, Application application) {
        return saga.definition(session, application).chain(definition -> entries.of(session, application.id)
                .map(happened -> view(application, definition, happened, Instant.now())));
    }

    private static ProgressView view(Application a, ServiceDefinition definition, List<Entry> happened, Instant now) {
        return new ProgressView(
                a.id,
                a.service,
                new Says(definition.title().ko(), definition.title().en()),
                lower(a.state),
                ProgressSentences.of(a.state),
                level(a, definition.terms().level(), now),
                lower(a.fee),
                next(a),
                happened.stream()
                        .map(entry -> new ProgressView.Happened(
                                lower(entry.kind()),
                                lower(entry.actor()),
                                ProgressSentences.of(entry.kind()),
                                entry.at(),
                                entry.until(),
                                entry.text()))
                        .toList());
    }

    private static ProgressView.@Nullable Level level(Application a, Terms.@Nullable Level level, Instant now) {
        boolean underReview = a.state == State.DECIDING || a.state == State.ASKED;
        return level == null || !underReview
                ? null
                : new ProgressView.Level(
                        level.workingDays(), a.due, a.clockSince == null, a.due != null && now.isAfter(a.due));
    }

    private static List<Next> next(Application a) {
        return switch (a.state) {
            case SUBMITTED -> collecting(a);
            case DECIDING -> List.of(agency("decide", say("담당자가 결정합니다", "An officer decides"), a.due));
            case ASKED -> List.of(applicant("answer", say("질문에 답해 주세요", "Answer the question"), null, a.deadline));
            case GRANTED -> List.of(city("seal", say("증서를 봉인합니다", "The record is sealed")));
            case SEALED -> List.of(credential(a));
            case REVOKING ->
                List.of(city("revoke", say("증서를 철회하고 수수료를 돌려드립니다", "The record is revoked, then the fee goes back")));
            case COMPLETED -> List.of();
            case REFUSED, WITHDRAWN, EXPIRED, FAILED -> ended(a);
        };
    }

    private static List<Next> collecting(Application a) {
        Course course = a.course();
        List<Next> next = new ArrayList<>();
        if (a.transaction != null && a.presented == null) {
            next.add(applicant(
                    "present",
                    say("증명서를 보여 주세요", "Show your credentials"),
                    "/identity/presentations/" + a.transaction,
                    a.deadline));
        }
        if (course.fee() == Fee.BILLED) {
            next.add(applicant("pay", say("수수료를 내세요", "Pay the fee"), "/payment/bills/" + a.bill, a.deadline));
        }
        return next.isEmpty() ? List.of(city("prepare", say("준비하고 있습니다", "It is being prepared"))) : List.copyOf(next);
    }

    private static Next credential(Application a) {
        return a.offer == null
                ? city("offer", say("증명서를 준비하고 있습니다", "Your credential is being prepared"))
                : applicant(
                        "receive",
                        say("지갑으로 증명서를 받으세요", "Take the credential into your wallet"),
                        "/identity/credential-offers/" + a.offer,
                        null);
    }

    private static List<Next> ended(Application a) {
        if (a.outcome == null) {
            return List.of(applicant(
                    "appeal",
                    say(
                            "이의를 신청하거나, 취하하고 수수료를 돌려받으세요",
                            "Appeal, or accept it by withdrawing and have the fee back at once"),
                    null,
                    a.deadline));
        }
        return a.fee == Fee.PAID
                ? List.of(city("refund", say("수수료를 돌려드리고 있습니다", "Your fee is on its way back")))
                : List.of();
    }

    private static Next applicant(String does, Says says, @Nullable String href, @Nullable Instant until) {
        return new Next("applicant", does, says, href, until);
    }

    private static Next agency(String does, Says says, @Nullable Instant until) {
        return new Next("agency", does, says, null, until);
    }

    private static Next city(String does, Says says) {
        return new Next("city", does, says, null, null);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
