package city.madang.records.applications;

import city.madang.records.applications.course.Course;
import city.madang.records.applications.course.Decision;
import city.madang.records.applications.course.Plan;
import city.madang.records.applications.course.State;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
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

    /** JSON; erased when the record is sealed or the application refused. */
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

    @Column(name = "plan_credential")
    boolean planCredential;

    @Nullable
    @Column(name = "transaction_id")
    String transaction;

    @Column(name = "identity_ready")
    boolean identityReady;

    @Nullable
    Instant presented;

    @Nullable
    String bill;

    @Nullable
    Instant paid;

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

    Instant submitted;

    protected Application() {}

    Application(UUID id, String service, int version, String agency, String applicant, Plan plan, Instant submitted) {
        this.id = id;
        this.service = service;
        this.serviceVersion = version;
        this.agency = agency;
        this.applicant = applicant;
        this.planPresents = plan.presents();
        this.planFee = plan.fee();
        this.planOfficer = plan.officer();
        this.planCredential = plan.credential();
        this.submitted = submitted;
        this.state = State.SUBMITTED;
    }

    Course course() {
        return new Course(
                new Plan(planPresents, planFee, planOfficer, planCredential),
                transaction,
                identityReady,
                presented != null,
                bill,
                paid != null,
                decision,
                sealed != null,
                offer,
                issued != null);
    }

    /** Notes a move; instants that are known stay. */
    void move(Course to, Instant at) {
        transaction = to.transaction();
        identityReady = to.identityReady();
        presented = since(presented, to.presented(), at);
        bill = to.bill();
        paid = since(paid, to.paid(), at);
        decision = to.decision();
        decided = since(decided, to.decision() != null, at);
        sealed = since(sealed, to.sealed(), at);
        offer = to.offer();
        issued = since(issued, to.issued(), at);
        state = to.state();
        if (state == State.REFUSED || to.sealed()) {
            form = null;
            facts = null;
            handoverKey = null;
            identityKey = null;
        }
    }

    private static @Nullable Instant since(@Nullable Instant known, boolean now, Instant at) {
        return known == null && now ? at : known;
    }
}
