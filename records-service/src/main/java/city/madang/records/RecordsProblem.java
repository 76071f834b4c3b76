package city.madang.records;

import city.madang.kit.problem.ProblemType;

/** Errors that only the records service answers. */
public enum RecordsProblem implements ProblemType {
    DEFINITION_INVALID(
            "definition-invalid",
            "The service definition is not valid",
            400,
            "a service definition is inconsistent; errors lists what, by JSON pointer"),
    FORM_INVALID(
            "form-invalid",
            "The form is not filled in correctly",
            400,
            "a form does not fit the service's schema; errors lists what, by JSON pointer"),
    SERVICE_OF_ANOTHER_AGENCY(
            "service-of-another-agency",
            "This service belongs to another agency",
            403,
            "an agency publishes under a name that another agency has"),
    NOT_READY_TO_DECIDE(
            "not-ready-to-decide",
            "It cannot be decided yet",
            409,
            "the presentation or the payment of an application is missing"),
    ALREADY_DECIDED("already-decided", "It was decided before", 409, "an application was decided otherwise"),
    NOT_DECIDED_BY_OFFICERS(
            "not-decided-by-officers", "No officer decides this", 409, "the service grants automatically"),
    IDEMPOTENCY_KEY_MISSING(
            "idempotency-key-missing",
            "An Idempotency-Key is needed",
            400,
            "the header Idempotency-Key is missing or not a quoted string of 1 to 64 printable ASCII characters"),
    IDEMPOTENCY_KEY_REUSED(
            "idempotency-key-reused",
            "This Idempotency-Key stands for another request",
            422,
            "a request comes under the key of another one"),
    LOG_BUSY("log-busy", "Too much waits for this log", 503, "more entries wait for a log than it may hold in memory"),
    CHECKPOINT_UNSIGNED(
            "checkpoint-unsigned",
            "The log has not signed this checkpoint",
            403,
            "a witness is shown a checkpoint without a valid signature of a key that it trusts for the log"),
    CHECKPOINT_FORKED(
            "checkpoint-forked",
            "The log shows two histories",
            409,
            "a witness is shown a size that it cosigned with another root"),
    CHECKPOINT_INCONSISTENT(
            "checkpoint-inconsistent",
            "The consistency proof does not hold",
            422,
            "a witness is shown a checkpoint that is not proven to go on from the one it cosigned last"),
    NOT_A_PDF("not-a-pdf", "This is not a PDF", 400, "the body of a verification is no readable PDF");

    private final Meaning meaning;

    RecordsProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
