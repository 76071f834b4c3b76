package city.madang.payment.authorisations;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Refuses bodies that break a constraint as validated parameters are refused, and looks at the others without the validator. */
@ApplicationScoped
class WellFormed {

    private final Refusing refusing;

    WellFormed(Refusing refusing) {
        this.refusing = refusing;
    }

    /** The body, or a problem that names all that is wrong with it. */
    SignedPay required(@Nullable SignedPay signed) {
        return signed != null && signed.keepsConstraints() ? signed : refusing.refused(signed);
    }

    /** Its parameter is validated by its interceptor, which nobody meets within the same bean. */
    @ApplicationScoped
    static class Refusing {

        /** @throws jakarta.validation.ConstraintViolationException that names all that is wrong */
        SignedPay refused(@NotNull @Valid @Nullable SignedPay signed) {
            return Objects.requireNonNull(signed);
        }
    }
}
