package city.madang.kit.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.net.URI;

/**
 * A kind of error that callers can rely on. Each service has one enum of them; {@link CommonProblem} holds the shared ones.
 *
 * <p>{@code type} is {@code urn:madang:problem:<slug>}: stable, the same in every installation.
 */
public interface ProblemType {

    /** Stable name in kebab case, e.g. {@code bill-already-paid}. */
    String slug();

    /** A few words for people, the same for every occurrence. */
    String title();

    /** HTTP status, 400 to 599. */
    int status();

    /** A sentence that says when it occurs, for the reference page. */
    String when();

    default URI type() {
        return URI.create("urn:madang:problem:" + slug());
    }

    /** The problem as an exception to throw; {@code detail} explains this occurrence and holds no data of a person. */
    default HttpProblem with(String detail) {
        return HttpProblem.builder()
                .withType(type())
                .withTitle(title())
                .withStatus(status())
                .withDetail(detail)
                .build();
    }
}
