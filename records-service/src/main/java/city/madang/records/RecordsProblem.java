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
    CLAIMED_BY_ANOTHER(
            "claimed-by-another",
            "Another officer has it",
            409,
            "an officer acts on an application that another officer has claimed"),
    DECIDED_BY_YOU_BEFORE(
            "decided-by-you-before",
            "Another officer must decide the appeal",
            403,
            "an officer acts on an appeal against a decision of the officer's own"),
    TOO_MANY_QUESTIONS(
            "too-many-questions", "The applicant was asked often enough", 409, "an applicant was asked ten times"),
    NOT_ASKED("not-asked", "Nothing was asked", 409, "an answer comes to an application that waits for none"),
    ANSWERED_TOO_LATE("answered-too-late", "The time to answer is over", 409, "an answer comes after its deadline"),
    TOO_LATE_TO_WITHDRAW(
            "too-late-to-withdraw",
            "It is granted and can't be withdrawn",
            409,
            "an application is withdrawn that has been granted"),
    NOT_APPEALABLE(
            "not-appealable",
            "There is nothing to appeal against",
            409,
            "an appeal comes to an application that was not refused, or too late, or a second time"),
    NOT_RENEWABLE(
            "not-renewable",
            "This record can't be renewed now",
            409,
            "a record is renewed outside the time for it, or its service renews none, or it has ended"),
    RENEWAL_UNDER_WAY(
            "renewal-under-way",
            "This record is being renewed",
            409,
            "another application renews the same record, or has renewed it"),
    LENGTH_REQUIRED(
            "length-required", "Say how long it is", 411, "a file to be verified came without a Content-Length"),
    TOO_MANY_REQUESTS(
            "too-many-requests",
            "Too many requests",
            429,
            "a caller asks too often; Retry-After says when to come back"),
    ACCESS_NOT_LOGGED(
            "access-not-logged",
            "Say first why",
            403,
            "an agency reads a personal record without an access that is in the log"),
    TYPE_INVALID(
            "document-type-invalid",
            "The type is not valid",
            400,
            "a document type is inconsistent; errors lists what, by JSON pointer"),
    METADATA_INVALID(
            "metadata-invalid",
            "The metadata are not valid",
            400,
            "metadata do not fit the schema of their type; errors lists what, by JSON pointer"),
    CONTENT_REFUSED(
            "content-refused",
            "This content is not taken",
            400,
            "a document is not what it is declared as, or could do harm when it is opened; nothing of it is kept"),
    UPLOAD_INCOMPLETE(
            "upload-incomplete",
            "Not all of it arrived",
            400,
            "a document has another length or digest than was announced; nothing of it is kept"),
    UNDER_LEGAL_HOLD("under-legal-hold", "It is under a legal hold", 409, "what is held must not be destroyed"),
    MUST_BE_RETAINED(
            "must-be-retained", "It must be retained", 409, "the time for which a record must be kept has not passed"),
    ROTATION_RUNNING("rotation-running", "A rotation is under way", 409, "an agency's key is being rotated already");

    private final Meaning meaning;

    RecordsProblem(String slug, String title, int status, String when) {
        this.meaning = new Meaning(slug, title, status, when);
    }

    @Override
    public Meaning meaning() {
        return meaning;
    }
}
