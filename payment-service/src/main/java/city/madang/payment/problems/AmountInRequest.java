package city.madang.payment.problems;

import city.madang.payment.money.Won;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Takes an amount out of a request, or answers with the problem that says what is wrong with it. */
public final class AmountInRequest {

    private AmountInRequest() {}

    /** The amount in won, 1 to {@link Won#MAX}. */
    public static long won(BigInteger amount, @Nullable String currency) {
        Won.fault(amount, currency).ifPresent(fault -> {
            PaymentProblem problem = PaymentProblem.valueOf(fault.name());
            throw problem.with(problem.meaning().when());
        });
        return amount.longValueExact();
    }
}
