package city.madang.identity;

import static io.restassured.RestAssured.given;

import city.madang.devstack.testing.TestTokens;
import city.madang.identity.status.StatusIndexes;
import city.madang.identity.status.StatusRef;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.ByteArrayInputStream;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** Issuances as they stand in the database, and status lists as somebody else reads them. */
public final class TestStatus {

    private TestStatus() {}

    public record Issued(UUID id, List<StatusRef> places) {
        public UUID list() {
            return places.getFirst().list();
        }
    }

    /** Enters an issuance with real places in real lists. */
    public static Issued issue(
            Pool pool, StatusIndexes indexes, String holder, int bits, int copies, @Nullable UUID grant) {
        List<StatusRef> places =
                indexes.allocate("city-hall", bits, copies).await().indefinitely();
        UUID id = UUID.randomUUID();
        List<Object> row = new ArrayList<>();
        row.add(id);
        row.add(TestTokens.subject(holder));
        row.add(grant);
        row.add(places.getFirst().list());
        row.add(places.stream().map(StatusRef::index).toArray(Integer[]::new));
        row.add(Instant.now().atOffset(ZoneOffset.UTC));
        pool.preparedQuery("insert into issuance (id, credential_type, agency, holder, grant_id, format,"
                        + " holder_keys_sha256, status_list, status_indexes, issued_at, expires_at)"
                        + " values ($1, 'residency', 'city-hall', $2, $3, 'dc+sd-jwt', $1::text, $4, $5, $6,"
                        + " $6 + interval '1 year')")
                .execute(Tuple.tuple(row))
                .await()
                .indefinitely();
        return new Issued(id, places);
    }

    public static io.restassured.response.Response put(String token, UUID credential, String status, String reason) {
        return TestCity.as(token)
                .body(Map.of("status", status, "reason", reason))
                .put("/identity/credentials/" + credential + "/status");
    }

    static SignedJWT token(UUID list) throws Exception {
        return SignedJWT.parse(given().accept("application/statuslist+jwt")
                .get("/identity/status-lists/" + list)
                .then()
                .statusCode(200)
                .contentType("application/statuslist+jwt")
                .extract()
                .asString());
    }

    static boolean isSigned(SignedJWT token) throws Exception {
        byte[] leaf = token.getHeader().getX509CertChain().getFirst().decode();
        return token.verify(
                new ECDSAVerifier((ECPublicKey) X509CertUtils.parse(leaf).getPublicKey()));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> list(SignedJWT token) throws Exception {
        return (Map<String, Object>) token.getJWTClaimsSet().getClaim("status_list");
    }

    static int value(UUID list, int index) throws Exception {
        Map<String, Object> claim = list(token(list));
        int bits = ((Number) claim.get("bits")).intValue();
        byte[] compressed = Base64.getUrlDecoder().decode((String) claim.get("lst"));
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            byte[] bytes = in.readAllBytes();
            int perByte = 8 / bits;
            return (bytes[index / perByte] & 0xff) >>> (index % perByte * bits) & ((1 << bits) - 1);
        }
    }

    /** Waits for the value to show in the published list; gives the milliseconds it took, or fails after five seconds. */
    static long awaitValue(StatusRef place, int value) throws Exception {
        long start = System.nanoTime();
        while (value(place.list(), place.index()) != value) {
            if (System.nanoTime() - start > 5_000_000_000L) {
                throw new AssertionError("not " + value + " after five seconds");
            }
            Thread.sleep(100);
        }
        return (System.nanoTime() - start) / 1_000_000;
    }
}
