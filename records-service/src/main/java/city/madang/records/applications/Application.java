package city.madang.records.applications;

import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.DecidedBy;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Evidence;
import city.madang.records.applications.course.Fee;
import city.madang.records.applications.course.Holding;
import city.madang.records.applications.course.Outcome;
import city.madang.records.applications.course.Plan;
import city.madang.records.applications.course.Review;
import city.madang.records.applications.course.Stage;
import city.madang.records.applications.course.State;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An application and how far it has come. */
@Entity
@Table(name = "application")
public class Application {

    @Id
    UUID id;

    @Column(insertable = false, updatable = false)
    @Nullable
    Long position;

    String service;

    @Column(name = "service_version")
    int serviceVersion;

    String agency;
    String applicant;

    /** JSON; erased when the record is sealed or the application has ended otherwise. */
    @Nullable
    String form;

    /** Values of the facts by name, JSON; known once the presentation is; erased like the form. */
    @Nullable
    String facts;

    /** Private JWK to which identity hands over the claims; destroyed once they are read. */
    @Nullable
    @Column(name = "handover_key")
    String handoverKey;

    /** Public JWK of identity for the claims of the credential. */
    @Nullable
    @Column(name = "identity_key")
    String identityKey;

    @Column(name = "plan_presents")
    boolean planPresents;

    @Column(name = "plan_fee")
    long planFee;

    @Column(name = "plan_officer")
    boolean planOfficer;

    @Column(name = "plan_rule")
    boolean planRule;

    @Column(name = "plan_credential")
    boolean planCredential;

    @Column(name = "plan_appeal_days")
    int planAppealDays;

    /** The record that it renews. */
    @Nullable
    UUID renews;

    @Nullable
    @Column(name = "transaction_id")
    String transaction;

    @Column(name = "identity_ready")
    boolean identityReady;

    @Nullable
    Instant presented;

    @Enumerated(EnumType.STRING)
    Fee fee;

    @Nullable
    String bill;

    @Nullable
    Instant paid;

    @Nullable
    @Column(name = "fee_returned")
    Instant feeReturned;

    int round = 1;

    /** Subject of the officer who has claimed the review or decided it. */
    @Nullable
    String officer;

    @Nullable
    @Column(name = "not_by")
    String notBy;

    int questions;

    /** When time alone moves it on. */
    @Nullable
    Instant deadline;

    @Column(name = "clock_spent_ms")
    long clockSpentMillis;

    @Nullable
    @Column(name = "clock_since")
    Instant clockSince;

    @Nullable
    Instant due;

    @Nullable
    @Enumerated(EnumType.STRING)
    Decision decision;

    @Nullable
    String reason;

    /** Subject of the officer who decided. */
    @Nullable
    @Column(name = "decided_by")
    String decidedBy;

    @Nullable
    Instant decided;

    @Nullable
    UUID record;

    @Nullable
    Instant sealed;

    @Nullable
    String offer;

    @Nullable
    Instant issued;

    @Enumerated(EnumType.STRING)
    State state;

    @Nullable
    @Enumerated(EnumType.STRING)
    Outcome outcome;

    @Nullable
    Instant closed;

    Instant submitted;

    protected Application() {}

    Application(
            UUID id,
            String service,
            int version,
            String agency,
            String applicant,
            Course course,
            @Nullable UUID renews,
            Instant submitted) {
        this.id = id;
        this.service = service;
        this.serviceVersion = version;
        this.agency = agency;
        this.applicant = applicant;
        Plan plan = course.plan();
        this.planPresents = plan.presents();
        this.planFee = plan.fee();
        this.planOfficer = plan.decidedBy() == DecidedBy.OFFICER;
        this.planRule = plan.decidedBy() == DecidedBy.RULE;
        this.planCredential = plan.credential();
        this.planAppealDays = plan.appealDays();
        this.renews = renews;
        this.submitted = submitted;
        this.fee = course.fee();
        this.state = course.state();
        move(course, submitted);
    }

    Course course() {
        DecidedBy by = planRule ? DecidedBy.RULE : planOfficer ? DecidedBy.OFFICER : DecidedBy.ITSELF;
        return new Course(
                new Plan(planPresents, planFee, by, planCredential, planAppealDays, renews != null),
                new Evidence(transaction, identityReady, presented != null),
                fee,
                bill,
                stage(),
                new Holding(offer, issued != null));
    }

    private Stage stage() {
        if (outcome != null) {
            return new Stage.Closed(outcome);
        }
        Review review = new Review(round, officer, notBy, questions);
        return switch (state) {
            case SUBMITTED -> new Stage.Collecting(until());
            case DECIDING -> new Stage.Deciding(review);
            case ASKED -> new Stage.Asked(review, until());
            case REFUSED -> new Stage.Refused(review, until());
            case GRANTED -> new Stage.Granted();
            case SEALED -> new Stage.Sealed();
            case REVOKING -> new Stage.Revoking();
            case COMPLETED -> new Stage.Completed();
            case WITHDRAWN, EXPIRED, FAILED -> throw new IllegalStateException("ended without an outcome");
        };
    }

    private Instant until() {
        return Objects.requireNonNull(deadline, "a stage that waits has a deadline");
    }

    /** Notes a move; instants that are known stay. */
    final void move(Course to, Instant at) {
        transaction = to.evidence().transaction();
        identityReady = to.evidence().identityReady();
        presented = since(presented, to.evidence().presented(), at);
        fee = to.fee();
        bill = to.bill();
        paid = since(paid, fee == Fee.PAID || fee == Fee.RETURNED, at);
        feeReturned = since(feeReturned, fee == Fee.RETURNED, at);
        if (decision != to.decision()) {
            decision = to.decision();
            decided = decision == null ? null : at;
        }
        offer = to.credential().offer();
        issued = since(issued, to.credential().issued(), at);
        state = to.state();
        deadline = null;
        switch (to.stage()) {
            case Stage.Collecting(Instant until) -> deadline = until;
            case Stage.Deciding(Review review) -> move(review);
            case Stage.Asked(Review review, Instant until) -> {
                move(review);
                deadline = until;
            }
            case Stage.Refused(Review review, Instant until) -> {
                move(review);
                deadline = until;
            }
            case Stage.Granted _ -> {}
            case Stage.Sealed _, Stage.Completed _ -> sealed = since(sealed, true, at);
            case Stage.Revoking _ -> {}
            case Stage.Closed(Outcome how) -> {
                outcome = how;
                closed = since(closed, true, at);
            }
        }
        if (outcome != null || sealed != null) {
            form = null;
            facts = null;
            handoverKey = null;
            identityKey = null;
        }
    }

    private void move(Review review) {
        round = review.round();
        officer = review.officer();
        notBy = review.notBy();
        questions = review.questions();
    }

    ServiceClock clock() {
        return new ServiceClock(Duration.ofMillis(clockSpentMillis), clockSince);
    }

    void set(ServiceClock clock, @Nullable Instant nowDue) {
        clockSpentMillis = clock.spent().toMillis();
        clockSince = clock.since();
        due = nowDue;
    }

    private static @Nullable Instant since(@Nullable Instant known, boolean now, Instant at) {
        return known == null && now ? at : known;
    }
}
