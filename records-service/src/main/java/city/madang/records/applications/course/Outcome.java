package city.madang.records.applications.course;

/** How an application ended that was not granted in effect. A fee that was paid goes back. */
public enum Outcome {
    REFUSED(State.REFUSED),
    WITHDRAWN(State.WITHDRAWN),
    EXPIRED(State.EXPIRED),
    FAILED(State.FAILED);

    private final State state;

    Outcome(State state) {
        this.state = state;
    }

    public State state() {
        return state;
    }
}
