package city.madang.kit;

import city.madang.devstack.testing.DevstackResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;

/** The servers of every test here. */
@WithTestResource(
        value = DevstackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = {
            @ResourceArg(name = "parts", value = "postgres,kafka"),
            @ResourceArg(name = "service", value = "identity")
        })
final class RealServers {
    private RealServers() {}
}
