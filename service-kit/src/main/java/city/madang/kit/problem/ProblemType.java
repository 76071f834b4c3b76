package city.madang.kit.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.net.URI;

/**
 * A kind of error that callers can rely on. Each service has one enum of them; {@link CommonProblem} holds the shared ones.
 *
 * <p>{@code type} is {@code urn:madang:problem:<slug>}: stable, the same in every installation.
 */
public interface ProblemType {

    /**
     * What a kind of error says of itself.
     *
     * @param slug stable name in kebab case, e.g. {@code bill-already-paid}
     * @param title a few words for people, the same for every occurrence
     * @param status HTTP status, 400 to 599
     * @param when a sentence that says when it occurs, for the reference page
     */
    record Meaning(String slug, String title, int status, String when) {}

    Meaning meaning();

    default URI type() {
        return URI.create("urn:madang:problem:" + meaning().slug());
    }

    /** The problem as an exception to throw; {@code detail} explains this occurrence and holds no data of a person. */
    default HttpProblem with(String detail) {
        return HttpProblem.builder()
                .withType(type())
                .withTitle(meaning().title())
                .withStatus(meaning().status())
                .withDetail(detail)
                .build();
    }
}
