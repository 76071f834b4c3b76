package city.madang.records.applications;

import city.madang.records.applications.course.Decision;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An application as its applicant and its agency see it.
 *
 * @param details what was filled in and shown, on a single application only and only until it is sealed or refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApplicationView(
        String id,
        String service,
        @JsonProperty("service_version") int serviceVersion,
        String agency,
        String state,
        Instant submitted,
        List<Step> steps,
        @Nullable String reason,
        @Nullable Details details) {

    /** @param state {@code waiting}, {@code open}, {@code done} or {@code skipped} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Step(String name, String state, @Nullable String href, @Nullable Instant at) {}

    /** @param facts values of the record's facts by name, once they are known */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Details(
            @com.fasterxml.jackson.annotation.JsonRawValue String form,
            @com.fasterxml.jackson.annotation.JsonRawValue @Nullable String facts) {}

    static ApplicationView of(Application application, boolean withDetails) {
        String form = application.form;
        return new ApplicationView(
                application.id.toString(),
                application.service,
                application.serviceVersion,
                application.agency,
                application.state.name().toLowerCase(Locale.ROOT),
                application.submitted,
                List.of(
                        presentation(application),
                        payment(application),
                        decision(application),
                        record(application),
                        credential(application)),
                application.reason,
                withDetails && form != null ? new Details(form, application.facts) : null);
    }

    private static Step presentation(Application a) {
        @Nullable String href = a.transaction == null ? null : "/identity/presentations/" + a.transaction;
        if (!a.planPresents) {
            return skipped("presentation");
        }
        return step("presentation", a.presented, a.transaction != null, href);
    }

    private static Step payment(Application a) {
        if (a.planFee == 0) {
            return skipped("payment");
        }
        return step("payment", a.paid, a.bill != null, a.bill == null ? null : "/payment/bills/" + a.bill);
    }

    private static Step decision(Application a) {
        return step("decision", a.decided, false, null);
    }

    private static Step record(Application a) {
        if (a.decision == Decision.REFUSED) {
            return skipped("record");
        }
        return step("record", a.sealed, false, a.sealed == null ? null : "/records/documents/" + a.record);
    }

    private static Step credential(Application a) {
        if (!a.planCredential || a.decision == Decision.REFUSED) {
            return skipped("credential");
        }
        return step(
                "credential",
                a.issued,
                a.offer != null,
                a.offer == null ? null : "/identity/credential-offers/" + a.offer);
    }

    private static Step step(String name, @Nullable Instant done, boolean open, @Nullable String href) {
        return new Step(name, done != null ? "done" : open ? "open" : "waiting", href, done);
    }

    private static Step skipped(String name) {
        return new Step(name, "skipped", null, null);
    }
}
