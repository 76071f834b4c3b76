package city.madang.records.sealing;

import city.madang.devstack.testing.TestTls;
import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.fetch.Posted;
import city.madang.kit.fetch.Wanted;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** A small timestamp authority (RFC 3161) behind TLS, and a client that reaches it through the guard. */
final class LocalTimestampAuthority implements AutoCloseable {

    final KeyPair rootKey = TestSeal.key();
    final X509Certificate root = TestSeal.certificate("CN=TSA Root", rootKey, "CN=TSA Root", rootKey, null, true);
    private final KeyPair key = TestSeal.key();
    private final X509Certificate certificate =
            TestSeal.certificate("CN=Test TSA", key, "CN=TSA Root", rootKey, KeyPurposeId.id_kp_timeStamping, false);
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final GuardedFetch fetch;
    private final AtomicInteger serial = new AtomicInteger();
    volatile Duration offset = Duration.ZERO;
    volatile UnaryOperator<byte[]> answer = UnaryOperator.identity();

    LocalTimestampAuthority(Path folder) throws Exception {
        TestTls tls = new TestTls(folder, "tsa").issue("tsa.test");
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate().toString())
                                .setKeyPath(tls.privateKey().toString())))
                .requestHandler(request -> request.body().onSuccess(body -> request.response()
                        .putHeader("Content-Type", "application/timestamp-reply")
                        .end(Buffer.buffer(answer.apply(stamp(body.getBytes()))))))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Duration timeout = Duration.ofSeconds(20);
        fetch = new GuardedFetch(
                vertx,
                new GuardedFetch.FetchRules(
                        host -> List.of(InetAddress.getByName("127.0.0.1")), false, Set.of("tsa.test"), timeout),
                8,
                GuardedFetch.options(timeout, Optional.of(tls.ca())));
    }

    Rfc3161 client(List<X509Certificate> anchors) {
        return new Rfc3161(
                request -> fetch.post(
                                new Wanted(
                                        "https://tsa.test:" + server.actualPort() + "/tsr",
                                        List.of("application/timestamp-reply"),
                                        65_536),
                                new Posted("application/timestamp-query", request))
                        .await()
                        .atMost(Duration.ofSeconds(30))
                        .body(),
                anchors);
    }

    private byte[] stamp(byte[] request) {
        try {
            TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", key.getPrivate(), certificate),
                    new JcaDigestCalculatorProviderBuilder()
                            .build()
                            .get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(
                                    org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_sha256)),
                    new ASN1ObjectIdentifier("1.2.3.4.1"));
            tokens.addCertificates(new JcaCertStore(List.of(certificate)));
            return new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED)
                    .generate(
                            new TimeStampRequest(request),
                            java.math.BigInteger.valueOf(serial.incrementAndGet()),
                            Date.from(Instant.now().plus(offset)))
                    .getEncoded();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() throws Exception {
        fetch.close();
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}
