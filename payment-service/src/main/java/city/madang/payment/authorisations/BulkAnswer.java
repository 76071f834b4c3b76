package city.madang.payment.authorisations;

import city.madang.kit.problem.ProblemType;
import city.madang.payment.problems.PaymentProblem;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of one line of a bulk request.
 *
 * @param id the authorisation's; absent when the line could not be read
 * @param status as a single request would be answered: 201 accepted now, 200 before, else its problem's
 * @param state {@code accepted} or {@code held}
 * @param acceptedAt when it was accepted
 * @param replayed true when that was before
 * @param type of the problem
 * @param title of the problem
 * @param detail of the problem
 */
@RegisterForReflection // written by hand, line by line
public record BulkAnswer(
        @Nullable String id,
        int status,
        @Nullable String state,
        @Nullable Instant acceptedAt,
        @Nullable Boolean replayed,
        @Nullable String type,
        @Nullable String title,
        @Nullable String detail) {

    static BulkAnswer of(Submission submission, Acceptor.Answer answer) {
        return switch (answer.verdict()) {
            case Verdict.Accepted _ ->
                accepted(
                        submission,
                        201,
                        new Earlier(answer.at(), submission.terms().holdUntil(), null),
                        null);
            case Verdict.Replayed(Earlier earlier) -> accepted(submission, 200, earlier, true);
            case Verdict.Refused(Refusal why) -> {
                ProblemType problem = PaymentProblem.valueOf(why.name());
                yield new BulkAnswer(
                        submission.id().hex(),
                        problem.meaning().status(),
                        null,
                        null,
                        null,
                        problem.type().toString(),
                        problem.meaning().title(),
                        problem.meaning().when());
            }
        };
    }

    static BulkAnswer of(HttpProblem problem) {
        return new BulkAnswer(
                null,
                problem.getStatusCode(),
                null,
                null,
                null,
                String.valueOf(problem.getType()),
                problem.getTitle(),
                problem.getDetail());
    }

    private static BulkAnswer accepted(Submission submission, int status, Earlier earlier, @Nullable Boolean replayed) {
        return new BulkAnswer(
                submission.id().hex(),
                status,
                earlier.holdUntil() == null ? "accepted" : "held",
                earlier.at(),
                replayed,
                null,
                null,
                null);
    }
}
