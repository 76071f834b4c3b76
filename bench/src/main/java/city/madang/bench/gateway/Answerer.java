package city.madang.bench.gateway;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The service behind all gateways: answers everything with 1 KiB, and {@code /certs} with a key set. A process on the gateway's class path. */
public final class Answerer {

    private static final int BYTES = 1024;

    private Answerer() {}

    /** Arguments: port, file of the key set. */
    public static void main(String[] arguments) throws Exception {
        var port = Integer.parseInt(arguments[0]);
        var keys = Buffer.buffer(Files.readString(Path.of(arguments[1])));
        var kibibyte = Buffer.buffer("x".repeat(BYTES));
        Vertx.vertx()
                .deployVerticle(
                        () -> new AbstractVerticle() {
                            @Override
                            public void start(Promise<Void> started) {
                                vertx.createHttpServer()
                                        .requestHandler(request -> request.response()
                                                .putHeader("Content-Type", "application/json")
                                                .end("/certs".equals(request.path()) ? keys : kibibyte))
                                        .listen(port, "127.0.0.1")
                                        .<Void>mapEmpty()
                                        .onComplete(started);
                            }
                        },
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()));
    }
}
