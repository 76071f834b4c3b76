package city.madang.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import city.madang.kit.handover.HandoverKey;
import city.madang.kit.handover.HandoverStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Plays identity and payment on the real broker, and hears what records tells. */
public final class OtherServices implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(40);

    private final KafkaProducer<String, String> producer;
    private final Thread listening;
    private volatile boolean closed;
    final List<Heard> heard = new CopyOnWriteArrayList<>();

    public record Heard(String type, String subject, JsonObject data) {}

    public OtherServices(String broker) {
        Properties out = new Properties();
        out.put("bootstrap.servers", broker);
        producer = new KafkaProducer<>(out, new StringSerializer(), new StringSerializer());
        Properties in = new Properties();
        in.put("bootstrap.servers", broker);
        in.put("group.id", "test-" + UUID.randomUUID());
        in.put("auto.offset.reset", "earliest");
        in.put("metadata.max.age.ms", "500");
        listening = Thread.ofPlatform().daemon().start(() -> {
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(in, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of("madang.records"));
                while (!closed) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                        heard.add(new Heard(
                                new String(
                                        record.headers().lastHeader("ce_type").value(), UTF_8),
                                record.key(),
                                new JsonObject(record.value())));
                    }
                }
            }
        });
    }

    public Heard awaitEvent(String type, Predicate<JsonObject> which) {
        return await(type, () -> heard.stream()
                .filter(event -> event.type().equals(type) && which.test(event.data()))
                .findFirst()
                .orElse(null));
    }

    public long count(String type, Predicate<JsonObject> which) {
        return heard.stream()
                .filter(event -> event.type().equals(type) && which.test(event.data()))
                .count();
    }

    public static <T> T await(String what, Supplier<T> supplier) {
        Instant end = Instant.now().plus(LONGEST_WAIT);
        while (Instant.now().isBefore(end)) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        throw new AssertionError("in vain: " + what);
    }

    public static void awaitTrue(String what, BooleanSupplier condition) {
        await(what, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    public UUID tell(String service, String type, String subject, JsonObject data) {
        UUID id = UUID.randomUUID();
        tell(id, service, type, subject, data);
        return id;
    }

    public void tell(UUID id, String service, String type, String subject, JsonObject data) {
        ProducerRecord<String, String> record = new ProducerRecord<>("madang." + service, subject, data.encode());
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id.toString(),
                        "ce_source",
                        "/" + service + "-service",
                        "ce_type",
                        type,
                        "ce_subject",
                        subject,
                        "ce_time",
                        Instant.now().toString(),
                        "content-type",
                        "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(record).get();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Registers the agency and certifies its seal, as identity does. */
    public void register(String agency, String ko, String en) {
        tell(
                "identity",
                "agency.registered",
                agency,
                new JsonObject()
                        .put("agency", agency)
                        .put("name", new JsonObject().put("ko", ko).put("en", en)));
        Heard request = awaitEvent("certificate.requested", data -> agency.equals(data.getString("agency")));
        tell(
                "identity",
                "certificate.issued",
                agency,
                new JsonObject()
                        .put("agency", agency)
                        .put("purpose", "record-seal")
                        .put("chain", certify(request.data().getString("csr"))));
    }

    public static JsonArray certify(String csr) {
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(Base64.getDecoder().decode(csr));
            X509Certificate issuer = certificate(TrustAnchorResource.ca().agencyCertificate());
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new java.math.BigInteger(100, new java.util.Random()),
                    Date.from(Instant.now().minusSeconds(300)),
                    Date.from(Instant.now().plus(Duration.ofDays(300))),
                    subject(request),
                    request.getPublicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
            X509Certificate leaf = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .build(key(TrustAnchorResource.ca().agencyKey()))));
            return new JsonArray()
                    .add(Base64.getEncoder().encodeToString(leaf.getEncoded()))
                    .add(Base64.getEncoder().encodeToString(issuer.getEncoded()));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** As identity names an agency, whatever the request says: its id as O, its name as CN. */
    private static javax.security.auth.x500.X500Principal subject(JcaPKCS10CertificationRequest request)
            throws java.io.IOException {
        org.bouncycastle.asn1.x500.X500Name asked = request.getSubject();
        return new javax.security.auth.x500.X500Principal(new org.bouncycastle.asn1.x500.X500NameBuilder(
                        BCStyle.INSTANCE)
                .addRDN(BCStyle.O, asked.getRDNs(BCStyle.CN)[0].getFirst().getValue())
                .addRDN(BCStyle.CN, asked.getRDNs(BCStyle.O)[0].getFirst().getValue())
                .build()
                .getEncoded());
    }

    public static X509Certificate certificate(Path pem) throws Exception {
        try (var in = Files.newInputStream(pem)) {
            return (X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path pem) throws Exception {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(pem)))) {
            return new JcaPEMKeyConverter()
                    .getPrivateKey((org.bouncycastle.asn1.pkcs.PrivateKeyInfo) parser.readObject());
        }
    }

    /** Claims as identity hands them over. */
    public static JsonObject handOver(HandoverStore store, JsonObject claims, JsonObject receiver) {
        return store.put(HandoverKey.encrypt(claims, receiver)).toJson();
    }

    @Override
    public void close() {
        closed = true;
        producer.close();
    }
}
