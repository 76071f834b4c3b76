package city.madang.payment.authorisations;

import city.madang.contracts.Bytes32;
import city.madang.kit.problem.CommonProblem;
import city.madang.payment.accounts.Owner;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of a bulk request as strictly as single requests are read, and writes its answer's. */
@ApplicationScoped
class BulkLines {

    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final Validator validator;

    BulkLines(ObjectMapper json, Validator validator) {
        this.reader = json.readerFor(SignedPay.class);
        this.writer = json.writerFor(BulkAnswer.class);
        this.validator = validator;
    }

    /**
     * A request as it was read.
     *
     * @param submissions of the lines that are well formed, in order
     * @param refused for each line its refusal, null where there is a submission
     */
    record Read(List<Submission> submissions, List<BulkAnswer> refused) {

        /** The answer's lines, of the answers to the submissions. */
        List<BulkAnswer> answer(List<Acceptor.Answer> answers) {
            List<BulkAnswer> all = new ArrayList<>(refused.size());
            int next = 0;
            for (BulkAnswer malformed : refused) {
                if (malformed == null) {
                    all.add(BulkAnswer.of(submissions.get(next), answers.get(next)));
                    next++;
                } else {
                    all.add(malformed);
                }
            }
            return all;
        }
    }

    Read read(List<String> lines, Owner owner, Bytes32 separator) {
        List<Submission> submissions = new ArrayList<>(lines.size());
        List<BulkAnswer> refused = new ArrayList<>(lines.size());
        for (String line : lines) {
            try {
                submissions.add(submission(line, owner, separator));
                refused.add(null);
            } catch (HttpProblem problem) {
                refused.add(BulkAnswer.of(problem));
            }
        }
        return new Read(submissions, refused);
    }

    private Submission submission(String line, Owner owner, Bytes32 separator) {
        SignedPay signed;
        try {
            signed = reader.readValue(line);
        } catch (JsonProcessingException malformed) {
            throw CommonProblem.INVALID_REQUEST.with("the line is not the JSON object that was expected");
        }
        if (signed == null) {
            throw CommonProblem.INVALID_REQUEST.with("the line is not the JSON object that was expected");
        }
        if (!signed.keepsConstraints()) {
            for (ConstraintViolation<SignedPay> violation : validator.validate(signed)) {
                throw CommonProblem.INVALID_REQUEST.with(violation.getPropertyPath() + " " + violation.getMessage());
            }
        }
        return signed.submission(owner, null, separator);
    }

    String write(List<BulkAnswer> answers) {
        StringBuilder text = new StringBuilder(answers.size() * 160);
        try {
            for (BulkAnswer answer : answers) {
                text.append(writer.writeValueAsString(answer)).append('\n');
            }
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }
}
