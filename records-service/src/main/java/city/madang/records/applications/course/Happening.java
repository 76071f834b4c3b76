package city.madang.records.applications.course;

import java.time.Instant;

/** Something that an application hears of. */
public sealed interface Happening {

    /** What other services and the seal tell: true, whenever it arrives. */
    sealed interface Told extends Happening {}

    /** What a person wants: may be refused. */
    sealed interface Wish extends Happening {}

    /** Identity asks the applicant for credentials and is ready to take the claims of a credential. */
    record PresentationRequested(String transaction) implements Told {}

    /** The service asks for no credentials; identity is ready all the same. */
    record PresentationWaived() implements Told {}

    record PresentationVerified(String transaction) implements Told {}

    /** The agency may not ask for what the service needs. */
    record PresentationRefused() implements Told {}

    record BillCreated(String bill, long amount) implements Told {}

    record BillPaid(String bill) implements Told {}

    /** Nothing was paid, and nothing will be. */
    record BillCancelled(String bill) implements Told {}

    /** What was paid is its payer's again. */
    record FeeReturned(String bill) implements Told {}

    record RecordSealed() implements Told {}

    /** The record could not be sealed and never will be. */
    record SealingFailed() implements Told {}

    record CredentialOffered(String offer) implements Told {}

    record CredentialIssued(String offer) implements Told {}

    /** The credential cannot be issued and never will be. */
    record CredentialFailed() implements Told {}

    /** The log says that the record is revoked. */
    record RecordRevoked() implements Told {}

    /** What the service's rule says; asked for by {@link Step.Consequence#ASK_RULE}. */
    record RuleDecided(Verdict verdict) implements Told {}

    /** The time is looked at: whatever was to happen by now happens. */
    record TimePassed() implements Told {}

    /** @param takeOver also from another officer */
    record Claim(String officer, boolean takeOver) implements Wish {}

    record Release(String officer) implements Wish {}

    record Ask(String officer, Instant until) implements Wish {}

    record Decide(String officer, Decision decision) implements Wish {}

    record Answer() implements Wish {}

    record Withdraw() implements Wish {}

    record Appeal() implements Wish {}

    /** What a rule says. */
    enum Verdict {
        GRANT,
        REFUSE,
        OFFICER
    }
}
