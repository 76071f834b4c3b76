package city.madang.kit.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.constraints.NotNull;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonNamesTest {

    record Outer(
            @NotNull @Nullable String evidenceSha256,
            @NotNull @JsonProperty("vp_token") @Nullable String token,
            @NotNull @Valid Inner innerPart) {}

    record Inner(@NotNull @Nullable Long validBefore) {}

    @Test
    void what_is_not_valid_is_named_as_the_caller_wrote_it() {
        ObjectMapper json = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        try (var factory = Validation.byProvider(HibernateValidator.class)
                .configure()
                .messageInterpolator(new ParameterMessageInterpolator())
                .propertyNodeNameProvider(new JsonNames(json))
                .buildValidatorFactory()) {
            Set<String> names = factory.getValidator().validate(new Outer(null, null, new Inner(null))).stream()
                    .map(violation -> violation.getPropertyPath().toString())
                    .collect(Collectors.toSet());

            assertEquals(Set.of("evidence_sha256", "vp_token", "inner_part.valid_before"), names);
        }
    }
}
