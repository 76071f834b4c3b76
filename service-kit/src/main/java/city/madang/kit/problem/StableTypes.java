package city.madang.kit.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives the problems that the framework itself raises (validation, 401, 405, …) a stable type too. */
@ApplicationScoped
public class StableTypes implements ProblemPostProcessor {

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (problem.getType() != null) {
            return problem;
        }
        return switch (problem.getStatusCode()) {
            case 400 -> typed(problem, CommonProblem.INVALID_REQUEST);
            case 401 -> typed(problem, CommonProblem.UNAUTHENTICATED);
            case 403 -> typed(problem, CommonProblem.NOT_ALLOWED);
            case 404 -> typed(problem, CommonProblem.NOT_FOUND);
            case 405 -> typed(problem, CommonProblem.METHOD_NOT_ALLOWED);
            case 406 -> typed(problem, CommonProblem.NOT_ACCEPTABLE);
            case 409 -> typed(problem, CommonProblem.CONFLICT);
            case 413 -> typed(problem, CommonProblem.TOO_LARGE);
            case 415 -> typed(problem, CommonProblem.UNSUPPORTED_MEDIA_TYPE);
            case 503 -> typed(problem, CommonProblem.UNAVAILABLE);
            default -> typed(problem, CommonProblem.INTERNAL);
        };
    }

    private static HttpProblem typed(HttpProblem problem, CommonProblem type) {
        return HttpProblem.builder(problem)
                .withType(type.type())
                .withTitle(type.meaning().title())
                .build();
    }
}
