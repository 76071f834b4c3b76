package city.madang.identity.presentation.checks;

import city.madang.identity.jose.Malformed;

/** A check did not pass; inside this package alone, outside it is {@link Verdict.Fails}. */
final class Failed extends Exception {

    private final Step step;

    Failed(Step step, Malformed reason) {
        super(reason.getMessage(), reason);
        this.step = step;
    }

    Verdict.Fails verdict() {
        return new Verdict.Fails(step, String.valueOf(getMessage()));
    }
}
