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
