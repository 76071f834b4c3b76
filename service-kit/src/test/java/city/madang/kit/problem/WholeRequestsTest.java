package city.madang.kit.problem;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.validation.ValidatorFactory;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WholeRequestsTest {

    @Inject
    ValidatorFactory validators;

    @Test
    void hibernate_is_not_asked_for_each_property_of_each_request() {
        assertInstanceOf(WholeRequests.class, validators.getTraversableResolver());
    }
}
