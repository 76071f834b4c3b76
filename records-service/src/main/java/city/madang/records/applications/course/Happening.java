package city.madang.records.applications.course;

/** Something that an application hears of: from other services, from an officer, from the seal. */
public sealed interface Happening {

    /** Identity asks the applicant for credentials and is ready to take the claims of a credential. */
    record PresentationRequested(String transaction) implements Happening {}

    /** The service asks for no credentials; identity is ready all the same. */
    record PresentationWaived() implements Happening {}

    record PresentationVerified(String transaction) implements Happening {}

    /** The agency may not ask for what the service needs. */
    record PresentationRefused() implements Happening {}

    record BillCreated(String bill, long amount) implements Happening {}

    record BillPaid(String bill) implements Happening {}

    record OfficerDecided(Decision decision) implements Happening {}

    record RecordSealed() implements Happening {}

    record CredentialOffered(String offer) implements Happening {}

    record CredentialIssued(String offer) implements Happening {}
}
