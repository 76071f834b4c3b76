package city.madang.bench.identity;

import city.madang.bench.Benchmark;
import city.madang.bench.load.Load;
import city.madang.bench.load.ProcessCost;
import city.madang.bench.report.Machine;
import city.madang.bench.report.Measured;
import city.madang.bench.report.Report;
import city.madang.bench.report.Row;
import city.madang.bench.servers.Session;
import city.madang.kit.p256.P256;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ./madang bench identity}. */
public final class IdentityBenchmark implements Benchmark {

    private static final int CONNECTIONS = 8;
    private static final int BATCH = 10;
    private static final int MANY = 32;
    private static final int SHOWN = 100;
    private static final int SOAK_CHUNK = 2000;
    private static final double MILLION = 1e6;
    private static final String MADANG = "madang";
    private static final String KEYCLOAK = "keycloak";
    private static final double MEBIBYTE = 1024 * 1024;

    private final Session session = new Session("bench");

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public String summary() {
        return "issuance and verification of credentials, beside Keycloak's issuance";
    }

    @Override
    public String help() {
        return IdentityOptions.HELP;
    }

    @Override
    public void run(List<String> arguments) throws Exception {
        var options = IdentityOptions.parse(arguments, session.root(), session.state());
        session.with(say -> Servers.start(options.state(), say), servers -> measure(options, servers));
    }

    private void measure(IdentityOptions options, Servers servers) throws IOException {
        var report = new Report(
                name(),
                Machine.describe(Map.of(
                        "P-256", P256.provider(),
                        "identity-service's JVM", String.join(" ", Servers.SERVICE_JVM),
                        "Keycloak's JVM", String.join(" ", Servers.KEYCLOAK_JVM),
                        "each row",
                                "median of %d rounds of %d requests".formatted(options.rounds(), options.requests()))));
        session.say("registering agencies and types …");
        var city = new City(servers);
        city.prepare();
        var sdJwt = new CityIssuer(city, City.SD_JWT, false);
        var mdoc = new CityIssuer(city, City.MDOC, false);
        var byGateway = new CityIssuer(city, City.SD_JWT, true);
        var cost = servers.serviceCost();
        var database = servers.databaseCost();

        @Nullable KeycloakIssuer keycloak = null;
        if (options.keycloak()) {
            session.say("a realm in Keycloak that issues the same credential …");
            keycloak = new KeycloakIssuer(servers);
            warmUp("Keycloak", keycloak, options);
        }
        warmUp("identity-service", sdJwt, options);
        session.say("warming up the other paths …");
        mdoc.load(CONNECTIONS).send(mdoc.prepare(options.requests(), 1));
        sdJwt.load(CONNECTIONS).send(sdJwt.prepare(options.requests(), BATCH));
        var shownSdJwt = sdJwt.issue(SHOWN);
        var shownMdoc = mdoc.issue(SHOWN);
        var verifySdJwt = new CityVerifier(city, false, shownSdJwt);
        var verifyMdoc = new CityVerifier(city, true, shownMdoc);
        for (var i = 0; i < 3; i++) {
            verifySdJwt.load(CONNECTIONS).send(verifySdJwt.prepare(options.requests()));
            verifyMdoc.load(CONNECTIONS).send(verifyMdoc.prepare(options.requests()));
        }

        var rows = new ArrayList<Plan>();
        if (keycloak != null) {
            var otherCost = servers.keycloakCost();
            rows.add(issuance(
                    KEYCLOAK,
                    "keycloak-sd-jwt-1",
                    "Keycloak, SD-JWT VC, one proof",
                    CONNECTIONS,
                    1,
                    keycloak,
                    otherCost));
            rows.add(issuance(
                    KEYCLOAK,
                    "keycloak-sd-jwt-1-many",
                    "Keycloak, SD-JWT VC, one proof, many at once",
                    MANY,
                    1,
                    keycloak,
                    otherCost));
            rows.add(issuance(
                    KEYCLOAK,
                    "keycloak-sd-jwt-10",
                    "Keycloak, SD-JWT VC, ten proofs",
                    CONNECTIONS,
                    BATCH,
                    keycloak,
                    otherCost));
        }
        rows.add(issuance(MADANG, "sd-jwt-1", "SD-JWT VC, one proof", CONNECTIONS, 1, sdJwt, cost));
        rows.add(issuance(MADANG, "sd-jwt-1-alone", "SD-JWT VC, one proof, one at a time", 1, 1, sdJwt, cost));
        rows.add(issuance(MADANG, "sd-jwt-1-many", "SD-JWT VC, one proof, many at once", MANY, 1, sdJwt, cost));
        rows.add(issuance(MADANG, "sd-jwt-10", "SD-JWT VC, ten proofs", CONNECTIONS, BATCH, sdJwt, cost));
        rows.add(issuance(MADANG, "mdoc-1", "mdoc, one proof", CONNECTIONS, 1, mdoc, cost));
        rows.add(issuance(
                MADANG,
                "gateway-sd-jwt-1",
                "SD-JWT VC, one proof, through the gateway",
                CONNECTIONS,
                1,
                byGateway,
                cost));
        rows.add(new Plan(
                "verify-sd-jwt",
                MADANG,
                "SD-JWT VC verified",
                CONNECTIONS,
                1,
                verifySdJwt::prepare,
                verifySdJwt::load,
                cost,
                ""));
        rows.add(new Plan(
                "verify-mdoc",
                MADANG,
                "mdoc verified",
                CONNECTIONS,
                1,
                verifyMdoc::prepare,
                verifyMdoc::load,
                cost,
                ""));

        rows.removeIf(row -> !options.only().isEmpty() && !options.only().contains(row.key()));
        var limits = new Limits(servers.database("payment"), database);
        limits.signatures();
        var measured = new LinkedHashMap<Plan, List<Measured>>();
        var signatures = new ArrayList<Measured>();
        var inserts = new ArrayList<Measured>();
        // rounds of all rows in turn, so that what else the machine does meets all alike
        for (var round = 1; round <= options.rounds(); round++) {
            for (var plan : rows) {
                session.say("round %d of %d: %s".formatted(round, options.rounds(), plan.title()));
                measured.computeIfAbsent(plan, none -> new ArrayList<>())
                        .add(plan.measure(options.requests(), database));
            }
            signatures.add(limits.signatures());
            inserts.add(limits.rows(options.requests()));
        }
        measured.forEach((plan, rounds) ->
                report.add(new Row(plan.key(), plan.system(), plan.title(), plan.connections(), rounds, plan.note())));
        report.add(new Row("limit-signatures", "limit", "Limit: one signature, two verifications", 1, signatures, ""));
        report.add(new Row("limit-insert", "limit", "Limit: one row on disk", 1, inserts, ""));
        if (options.soak() > 0) {
            report.add("soak", soak(options.soak(), sdJwt, cost));
        }
        System.out.println();
        System.out.println(report.table());
        report.write(options.out(), "CPU time of the service for each credential");
        session.say("written to %s".formatted(options.out()));
    }

    private static Plan issuance(
            String system, String key, String title, int connections, int proofs, Issuer issuer, ProcessCost cost) {
        return new Plan(
                key,
                system,
                title,
                connections,
                proofs,
                n -> issuer.prepare(proofs == 1 ? n : n / 4, proofs),
                issuer::load,
                cost,
                "");
    }

    private interface Preparation {
        List<List<byte[]>> of(int count);
    }

    private interface Target {
        Load with(int connections);
    }

    /** @param perRequest things that come of one piece of work */
    private record Plan(
            String key,
            String system,
            String title,
            int connections,
            int perRequest,
            Preparation preparation,
            Target target,
            ProcessCost cost,
            String note) {

        Measured measure(int requests, ProcessCost database) {
            var work = preparation.of(requests);
            var cpu = cost.cpuNanos();
            var databaseCpu = database.cpuNanos();
            var round = target.with(connections).send(work);
            var made = (double) work.size() * perRequest;
            var seconds = round.nanos() / 1e9;
            return new Measured(
                    work.stream().mapToInt(List::size).sum() / seconds,
                    made / seconds,
                    round.percentile(0.5) / MILLION,
                    round.percentile(0.99) / MILLION,
                    (cost.cpuNanos() - cpu) / MILLION / made,
                    (database.cpuNanos() - databaseCpu) / MILLION / made);
        }
    }

    private void warmUp(String what, Issuer issuer, IdentityOptions options) {
        var end = Instant.now().plusSeconds(options.warmUpSeconds());
        var issued = 0;
        do {
            session.say("warming up %s, %d issued …".formatted(what, issued));
            issuer.load(CONNECTIONS).send(issuer.prepare(options.requests(), 1));
            issued += options.requests();
        } while (Instant.now().isBefore(end));
    }

    /** Credentials in batches, as wallets fetch them. */
    private List<Map<String, Object>> soak(int count, Issuer issuer, ProcessCost cost) {
        var samples = new ArrayList<Map<String, Object>>();
        for (var issued = 0; ; ) {
            var sample = new LinkedHashMap<String, Object>();
            sample.put("issued", issued);
            sample.put("heap_mib", Math.round(cost.heapBytesAfterCollection() / MEBIBYTE * 10) / 10.0);
            sample.put("resident_mib", Math.round(cost.residentBytes() / MEBIBYTE));
            samples.add(sample);
            session.say("soak: " + sample);
            if (issued >= count) {
                return samples;
            }
            var until = Math.min(count, issued + Math.max(SOAK_CHUNK, count / 10));
            while (issued < until) {
                var chunk = Math.min(SOAK_CHUNK, until - issued);
                issuer.load(CONNECTIONS).send(issuer.prepare(Math.ceilDiv(chunk, BATCH), BATCH));
                issued += chunk;
            }
        }
    }
}
