package city.madang.bench.records;

import city.madang.records.agencies.Seal;
import city.madang.records.agencies.SealSigner;
import city.madang.records.paper.Face;
import city.madang.records.paper.Paper;
import city.madang.records.paper.RecordTemplate;
import city.madang.records.sealing.JsonSeal;
import city.madang.records.sealing.PdfSeal;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What the service does to seal a record, without queue, vault and database: prints, signs PDF and JSON. In a process of its own on the classes of the packaged
 * service, on one thread, so that the figures are those of a core. Prints a line of figures for each round.
 */
public final class SealsAlone {

    private static final double MILLION = 1e6;
    private static final String URL = "https://localhost:8443/records/verify/";

    private final Paper paper = new Paper();
    private final Seal seal;
    private final PdfSeal pdf;
    private final JsonSeal json;

    private SealsAlone() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var key = generator.generateKeyPair();
        seal = new Seal("transport", "교통국", "Transport Authority", "bench", List.of(certificate(key)));
        SealSigner signer = (agency, message) -> sign(key, message);
        pdf = new PdfSeal(signer, Optional.empty());
        json = new JsonSeal(signer, Optional.empty());
    }

    /** Arguments: rounds, records a round. */
    public static void main(String[] arguments) throws Exception {
        var seals = new SealsAlone();
        var records = Integer.parseInt(arguments[1]);
        seals.round(records);
        for (var round = Integer.parseInt(arguments[0]); round > 0; round--) {
            System.out.println(seals.round(records));
        }
    }

    /** Three times: print, PAdES, JAdES; each {@code per second, p50 ms, p99 ms, CPU ms}; then the same of all together. */
    private String round(int records) {
        var took = new long[4][records];
        var cpu = new long[4];
        for (var i = 0; i < records; i++) {
            var marks = new long[4];
            var work = new long[4];
            mark(marks, work, 0);
            var printed = paper.print(paper.standard(), face());
            mark(marks, work, 1);
            pdf.sign(printed, seal, Instant.now());
            mark(marks, work, 2);
            json.sign("{\"plate\":\"12가3456\",\"record\":\"" + UUID.randomUUID() + "\"}", seal, Instant.now());
            mark(marks, work, 3);
            for (var step = 0; step < 3; step++) {
                took[step][i] = marks[step + 1] - marks[step];
                cpu[step] += work[step + 1] - work[step];
            }
            took[3][i] = marks[3] - marks[0];
            cpu[3] += work[3] - work[0];
        }
        var line = new StringBuilder();
        for (var step = 0; step < 4; step++) {
            Arrays.sort(took[step]);
            line.append("%f %f %f %f "
                    .formatted(
                            records * 1e9 / Arrays.stream(took[step]).sum(),
                            took[step][records / 2] / MILLION,
                            took[step][Math.min(records - 1, records * 99 / 100)] / MILLION,
                            cpu[step] / MILLION / records));
        }
        return line.toString().strip();
    }

    private static void mark(long[] marks, long[] work, int at) {
        marks[at] = System.nanoTime();
        work[at] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Face face() {
        var record = UUID.randomUUID().toString();
        return new Face(
                "거주자 우선 주차 허가증",
                "Resident parking permit",
                "교통국",
                "Transport Authority",
                record,
                LocalDate.now(),
                LocalDate.now().plusDays(365),
                URL + record,
                List.of(
                        new RecordTemplate.Line("plate", "차량 번호", "Plate", "12가3456"),
                        new RecordTemplate.Line("district", "자치구", "District", "강남구")));
    }

    private static byte[] sign(KeyPair key, byte[] message) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static X509Certificate certificate(KeyPair key) throws Exception {
        var name = new X500Principal("CN=Transport Authority,O=transport");
        var now = Instant.now();
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minusSeconds(60)),
                                Date.from(now.plus(Duration.ofDays(1))),
                                name,
                                key.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    }
}
