package city.madang.bench.gateway;

import city.madang.bench.servers.Running;
import city.madang.devstack.ca.DevelopmentCa;
import city.madang.devstack.files.Trees;
import city.madang.devstack.process.Child;
import city.madang.devstack.process.Ports;
import city.madang.devstack.tools.Tools;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts what is measured, each with the same policy, in front of the same service. Gone after {@link #close}. */
final class Contenders implements AutoCloseable {

    static final List<String> JVM = List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC");

    private static final String PATH = "/records/bench";
    private static final String ORIGIN = "https://madang.example";
    private static final String ISSUER = ORIGIN + "/auth/realms/madang";
    private static final String AUDIENCE = "madang-api";
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final List<String> NGINX = List.of(
            "nginx",
            "libnginx-mod-http-lua",
            "libnginx-mod-http-ndk",
            "lua-resty-core",
            "lua-resty-lrucache",
            "libluajit2-5.1-2",
            "libpcre3");

    private final Running running = new Running();
    private final Tools tools = Tools.ofProject();
    private final Path folder;
    private final DevelopmentCa ca;
    private final ECKey key;
    private final Contender direct;

    Contenders(Path folder) throws IOException {
        this.folder = folder;
        Trees.delete(folder);
        Files.createDirectories(folder);
        ca = DevelopmentCa.open(folder.resolve("ca"), InstantSource.system());
        try {
            key = new ECKeyGenerator(Curve.P_256)
                    .keyID("bench")
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        var keys = folder.resolve("keys.json");
        Files.writeString(keys, new JWKSet(key).toString(true));
        var port = Ports.free();
        direct = new Contender(
                "direct",
                "limit",
                "no gateway, no TLS",
                "http://127.0.0.1:" + port + PATH,
                start("service", port, onGatewayClasses(Answerer.class, port, keys), Map.of()));
    }

    /** The service itself. */
    Contender direct() {
        return direct;
    }

    /** An access token that all of them take, for as long as a run lasts. */
    String token() {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("bench").build(),
                    new JWTClaimsSet.Builder()
                            .issuer(ISSUER)
                            .audience(AUDIENCE)
                            .subject("7d9f3a52-7f0c-4f38-9b0f-2f6f1d5f4b1e")
                            .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(2))))
                            .build());
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Contender gateway() {
        var port = Ports.free();
        var jar = tools.root().resolve("gateway/target/quarkus-app/quarkus-run.jar");
        var command = new ArrayList<>(List.of(Tools.java()));
        command.addAll(JVM);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        var process = start(
                "gateway",
                port,
                command,
                Map.ofEntries(
                        Map.entry("MADANG_ORIGIN", ORIGIN),
                        Map.entry("MADANG_GATEWAY_PORT", Integer.toString(port)),
                        Map.entry(
                                "MADANG_GATEWAY_TLS_CERTIFICATE",
                                ca.tlsCertificate().toString()),
                        Map.entry("MADANG_GATEWAY_TLS_KEY", ca.tlsKey().toString()),
                        Map.entry("MADANG_GATEWAY_RECORDS_URL", service()),
                        Map.entry("MADANG_GATEWAY_TOKEN_KEYS", service() + "/certs"),
                        Map.entry("MADANG_GATEWAY_ROUTES_RECORDS_LIMITS_CALLER_PER_SECOND", "100000"),
                        Map.entry("MADANG_GATEWAY_ROUTES_RECORDS_LIMITS_CALLER_BURST", "1000000"),
                        Map.entry("MADANG_GATEWAY_ROUTES_RECORDS_LIMITS_ROUTE_PER_SECOND", "100000"),
                        Map.entry("MADANG_GATEWAY_ROUTES_RECORDS_LIMITS_ROUTE_BURST", "1000000"),
                        Map.entry("QUARKUS_MANAGEMENT_PORT", Integer.toString(Ports.free()))));
        return new Contender("madang", "madang", "Madang gateway", "https://127.0.0.1:" + port + PATH, process);
    }

    /** Nginx, with the token checked in Lua through OpenSSL and remembered in each worker. Null, and said, where it cannot be had. */
    @Nullable
    Contender nginx(Consumer<String> say) throws IOException {
        var unpacked = DebianPackages.unpack(tools.folder().resolve("bench-nginx"), NGINX);
        if (unpacked.folder().isEmpty()) {
            say.accept("without nginx: " + unpacked.why());
            return null;
        }
        var files = unpacked.folder().get();
        var home = Files.createDirectories(folder.resolve("nginx"));
        Files.createDirectories(home.resolve("logs"));
        var port = Ports.free();
        var configuration = resource("nginx.conf");
        for (var entry : Map.of(
                        "FILES", files.toString(),
                        "HOME", home.toString(),
                        "PORT", Integer.toString(port),
                        "UPSTREAM", service().substring("http://".length()),
                        "CERTIFICATE", ca.tlsCertificate().toString(),
                        "KEY", ca.tlsKey().toString())
                .entrySet()) {
            configuration = configuration.replace("@" + entry.getKey() + "@", entry.getValue());
        }
        Files.writeString(home.resolve("nginx.conf"), configuration);
        Files.writeString(
                home.resolve("token.lua"),
                resource("token.lua")
                        .replace("@ISSUER@", ISSUER)
                        .replace("@AUDIENCE@", AUDIENCE)
                        .replace("@PUBLIC_KEY@", publicKey()));
        var process = start(
                "nginx",
                port,
                List.of(
                        files.resolve("usr/sbin/nginx").toString(),
                        "-p",
                        home.toString(),
                        "-c",
                        home.resolve("nginx.conf").toString()),
                Map.of("LD_LIBRARY_PATH", DebianPackages.libraries(files)));
        return new Contender("nginx", "nginx", "nginx", "https://127.0.0.1:" + port + PATH, process);
    }

    /** Spring Cloud Gateway, built by Maven where that is not done yet. Null, and said, where it cannot be had. */
    @Nullable
    Contender springCloudGateway(Consumer<String> say) throws IOException {
        var project = tools.root().resolve("bench/spring-cloud-gateway");
        var jar = project.resolve("target/bench-spring-cloud-gateway-0.1.0-SNAPSHOT.jar");
        if (!Files.exists(jar)) {
            say.accept("building Spring Cloud Gateway …");
            var built = new ProcessBuilder(maven(), "-B", "-ntp", "-q", "-f", project.toString(), "package")
                    .redirectErrorStream(true)
                    .redirectOutput(
                            folder.resolve("spring-cloud-gateway-build.log").toFile());
            built.environment().put("JAVA_HOME", System.getProperty("java.home"));
            try {
                if (built.start().waitFor() != 0) {
                    say.accept("without Spring Cloud Gateway: Maven does not build it, see "
                            + folder.resolve("spring-cloud-gateway-build.log"));
                    return null;
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }
        var port = Ports.free();
        var command = new ArrayList<>(List.of(Tools.java()));
        command.addAll(JVM);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-jar", jar.toString()));
        var process = start(
                "spring-cloud-gateway",
                port,
                command,
                Map.of(
                        "SERVER_PORT", Integer.toString(port),
                        "SERVER_SSL_CERTIFICATE", ca.tlsCertificate().toString(),
                        "SERVER_SSL_CERTIFICATEPRIVATEKEY", ca.tlsKey().toString(),
                        "BENCH_UPSTREAM", service(),
                        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWKSETURI", service() + "/certs",
                        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUERURI", ISSUER,
                        "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES", AUDIENCE));
        return new Contender(
                "spring-cloud-gateway", "spring", "Spring Cloud Gateway", "https://127.0.0.1:" + port + PATH, process);
    }

    private String maven() {
        var own = tools.folder().resolve("apache-maven-3.9.16/bin/mvn");
        return Files.exists(own) ? own.toString() : "mvn";
    }

    private String service() {
        return direct.url().substring(0, direct.url().length() - PATH.length());
    }

    private Child start(String name, int port, List<String> command, Map<String, String> environment) {
        var process = running.keep(Child.start(
                new Child.Plan(name, command, environment, folder, folder.resolve(name + ".log"), "TERM", STOP),
                running.watchdog()));
        process.awaitReady(READY, () -> accepts(port));
        return process;
    }

    private static boolean accepts(int port) {
        try (var reached = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return reached.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<String> onGatewayClasses(Class<?> main, int port, Path keys) {
        var app = tools.root().resolve("gateway/target/quarkus-app");
        var classes = List.of(
                tools.root().resolve("bench/target/classes").toString(),
                app.resolve("lib/main") + "/*",
                app.resolve("lib/boot") + "/*");
        var command = new ArrayList<>(List.of(Tools.java()));
        command.addAll(List.of("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC", "-cp"));
        command.addAll(List.of(
                String.join(File.pathSeparator, classes), main.getName(), Integer.toString(port), keys.toString()));
        return command;
    }

    private String publicKey() {
        try {
            return "-----BEGIN PUBLIC KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(key.toECPublicKey().getEncoded())
                    + "\n-----END PUBLIC KEY-----";
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String resource(String name) throws IOException {
        try (var stream = Contenders.class.getResourceAsStream("/gateway/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the benchmark lacks " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public synchronized void close() {
        running.close();
    }
}
