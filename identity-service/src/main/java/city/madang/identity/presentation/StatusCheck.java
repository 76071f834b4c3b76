package city.madang.identity.presentation;

import city.madang.identity.presentation.checks.Verdict;
import city.madang.identity.status.CredentialStatus;
import city.madang.identity.status.StatusChecker;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The last check: whether each credential is neither revoked nor suspended, as far as that can be found out. */
@ApplicationScoped
public class StatusCheck {

    private final StatusChecker checker;

    StatusCheck(StatusChecker checker) {
        this.checker = checker;
    }

    /** Why the first that is not valid cannot be accepted; empty if all are valid. */
    Uni<Optional<String>> worst(List<Verdict.StatusQuestion> questions) {
        Uni<Optional<String>> found = Uni.createFrom().item(Optional.empty());
        for (Verdict.StatusQuestion question : questions) {
            found = found.chain(before -> before.isPresent()
                    ? Uni.createFrom().item(before)
                    : checker.check(question.claim(), question.issuer()).map(StatusCheck::why));
        }
        return found;
    }

    private static Optional<String> why(CredentialStatus status) {
        return switch (status) {
            case VALID -> Optional.empty();
            case INVALID -> Optional.of("the credential is revoked");
            case SUSPENDED -> Optional.of("the credential is suspended");
            case OTHER -> Optional.of("the credential has a status that only its issuer understands");
            case UNAVAILABLE -> Optional.of("the status of the credential is not available");
        };
    }
}
