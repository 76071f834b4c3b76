package city.madang.kit.problem;

import io.quarkus.arc.Unremovable;
import jakarta.inject.Singleton;
import jakarta.validation.Path;
import jakarta.validation.TraversableResolver;
import java.lang.annotation.ElementType;

/**
 * Every property of what is validated is there to be validated. The resolver that stands here otherwise asks Hibernate whether a lazy
 * property has been loaded, by its name in Java; requests are no entities and their properties are named as in JSON, so it threw and
 * caught an exception for each constraint of each request. Entities carry no constraints.
 */
@Singleton
@Unremovable // looked up when the validator is made
public class WholeRequests implements TraversableResolver {

    @Override
    public boolean isReachable(
            Object bean, Path.Node property, Class<?> root, Path pathToBean, ElementType elementType) {
        return true;
    }

    @Override
    public boolean isCascadable(
            Object bean, Path.Node property, Class<?> root, Path pathToBean, ElementType elementType) {
        return true;
    }
}
