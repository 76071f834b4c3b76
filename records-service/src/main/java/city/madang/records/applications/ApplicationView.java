package city.madang.records.applications;

import city.madang.records.applications.course.Decision;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An application as its applicant and its agency see it.
 *
 * @param due by when the service level wants a decision; absent while the clock rests or there is none
 * @param until by when the applicant may answer ({@code asked}) or appeal ({@code refused}), or must show and pay ({@code submitted})
 * @param renews the record that it renews
 * @param details what was filled in and shown, on a single application only and only until it is sealed or refused
 * @param attachments documents that were sent along and not destroyed, on a single application only
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
        @Nullable Instant due,
        @Nullable Instant until,
        @Nullable UUID renews,
        @Nullable Details details,
        @Nullable List<Attachment> attachments) {

    /** @param state {@code waiting}, {@code open}, {@code done} or {@code skipped} */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Step(String name, String state, @Nullable String href, @Nullable Instant at) {}

    /** @param facts values of the record's facts by name, once they are known */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Details(
            @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class) String form,
            @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class) @Nullable
                    String facts) {}

    /** @param name as the service calls it */
    public record Attachment(String name, UUID document, String href) {}

    ApplicationView with(List<Attachment> sent) {
        return new ApplicationView(
                id,
                service,
                serviceVersion,
                agency,
                state,
                submitted,
                steps,
                reason,
                due,
                until,
                renews,
                details,
                sent.isEmpty() ? null : sent);
    }

    static ApplicationView of(Application application, boolean withDetails) {
        String form = application.form;
        return new ApplicationView(
                application.id.toString(),
                application.service,
                application.serviceVersion,
                application.agency,
                application.state.name().toLowerCase(Locale.ROOT),
                application.submitted,
                steps(application),
                application.reason,
                application.due,
                application.deadline,
                application.renews,
                withDetails && form != null ? new Details(form, application.facts) : null,
                null);
    }

    /** The way to the record and its credential; and of what ended without one and was paid for, the way of the fee back. */
    private static List<Step> steps(Application a) {
        List<Step> steps = new ArrayList<>(List.of(presentation(a), payment(a), decision(a), record(a), credential(a)));
        if (a.outcome != null && a.paid != null) {
            steps.add(step("refund", a.feeReturned, false, "/payment/bills/" + a.bill));
        }
        return List.copyOf(steps);
    }

    private static Step presentation(Application a) {
        @Nullable String href = a.transaction == null ? null : "/identity/presentations/" + a.transaction;
        if (!a.planPresents) {
            return skipped("presentation");
        }
        return a.presented == null && a.outcome != null
                ? skipped("presentation")
                : step("presentation", a.presented, a.transaction != null, href);
    }

    private static Step payment(Application a) {
        if (a.planFee == 0) {
            return skipped("payment");
        }
        return a.paid == null && a.outcome != null
                ? skipped("payment")
                : step("payment", a.paid, a.bill != null, a.bill == null ? null : "/payment/bills/" + a.bill);
    }

    private static Step decision(Application a) {
        return a.decided == null && a.outcome != null ? skipped("decision") : step("decision", a.decided, false, null);
    }

    private static Step record(Application a) {
        if (a.decision == Decision.REFUSED || a.outcome != null) {
            return skipped("record");
        }
        return step("record", a.sealed, false, a.sealed == null ? null : "/records/documents/" + a.record);
    }

    private static Step credential(Application a) {
        if (!a.planCredential || a.decision == Decision.REFUSED || a.outcome != null) {
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
