package city.madang.journey;

/** The steps of the main job, in order, with what a reader of the demonstration sees. */
public enum Step {
    REGISTER("The registrar enters three agencies: city hall, transport, treasury"),
    PUBLISH("Transport publishes the service: resident parking permit"),
    SIGN_IN("The citizen signs in with a wallet"),
    RESIDENCY("City hall offers a residency credential, the wallet takes it"),
    FUND("The auditor attests a reserve, two treasurers mint, the account is funded"),
    APPLY("The citizen applies for the permit"),
    PRESENT("The wallet shows street and district, not name or birth date"),
    PAY("The wallet signs the fee, the ledger accepts it"),
    PAY_AGAIN("A second payment of the same bill is refused"),
    SETTLE("The payment settles on the chain"),
    SEAL("The record is sealed and logged"),
    PERMIT("The permit credential lands in the wallet"),
    VERIFY("An outsider checks PDF, log, checkpoint, anchor and credential"),
    TAMPER("One byte changed in each, and each is refused"),
    // of the services that officers decide
    OPEN("City hall publishes the service"),
    SUBMIT("The citizen applies, shows what is asked for and pays what is due"),
    WITHDRAW("The citizen thinks better of it, and the fee comes back by the ledger"),
    ASK("The citizen applies again; an officer claims it and asks a question"),
    ANSWER("The citizen answers in the wallet"),
    DECIDE("The officer grants it"),
    RECEIVE("The record is sealed, its credential lands in the wallet");

    private final String title;

    Step(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** Whether its request is accepted before its effects are complete, so that it can be interrupted in between. */
    public boolean hasMiddle() {
        return switch (this) {
            case RESIDENCY, FUND, PRESENT, PAY, SEAL, SUBMIT, WITHDRAW, ASK, DECIDE, RECEIVE -> true;
            default -> false;
        };
    }
}
