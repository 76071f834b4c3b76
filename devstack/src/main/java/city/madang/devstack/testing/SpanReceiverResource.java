package city.madang.devstack.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Has a service export every span to a {@link SpanReceiver}, which fields of that type in the test get. */
public final class SpanReceiverResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable SpanReceiver receiver;

    @Override
    public Map<String, String> start() {
        receiver = new SpanReceiver();
        return receiver.settings();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(receiver, new TestInjector.MatchesType(SpanReceiver.class));
    }

    @Override
    public void stop() {
        if (receiver != null) {
            receiver.close();
        }
    }
}
