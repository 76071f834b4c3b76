package city.madang.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgException;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What offers, issuances and presentations refer to exists, though they don't lock it. */
@QuarkusTest
class ReferencesTest {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String RESTRICT_VIOLATION = "23001";

    @Inject
    Pool pool;

    @BeforeEach
    void registered() {
        TestCity.register("city-hall");
        TestWallet.residencyOffer();
    }

    @Test
    void nothing_is_issued_of_an_unknown_type() {
        assertEquals(
                FOREIGN_KEY_VIOLATION,
                refused(
                        "insert into issuance (id, credential_type, agency, holder, format, holder_keys_sha256, issued_at, expires_at)"
                                + " values (gen_random_uuid(), 'unknown', 'city-hall', 'holder', 'dc+sd-jwt', '', now(), now())"));
    }

    @Test
    void nothing_is_offered_of_an_unknown_type_or_agency() {
        assertEquals(FOREIGN_KEY_VIOLATION, refused("update credential_offer set credential_type = 'unknown'"));
        assertEquals(FOREIGN_KEY_VIOLATION, refused("update credential_offer set agency = 'unknown'"));
    }

    @Test
    void nothing_is_asked_by_an_unknown_agency() {
        assertEquals(
                FOREIGN_KEY_VIOLATION,
                refused(
                        "insert into presentation (id, agency, certificate, dcql_query, state, client_id, nonce, wallet_state, created,"
                                + " expires_at) values (gen_random_uuid(), 'unknown', gen_random_uuid(), '', '', '', '', '', now(), now())"));
    }

    @Test
    void what_others_refer_to_is_neither_removed_nor_renamed() {
        assertEquals(RESTRICT_VIOLATION, refused("delete from agency where id = 'city-hall'"));
        assertEquals(RESTRICT_VIOLATION, refused("update agency set id = 'another' where id = 'city-hall'"));
        assertEquals(RESTRICT_VIOLATION, refused("truncate agency cascade"));
        assertEquals(RESTRICT_VIOLATION, refused("delete from credential_type where id = 'residency'"));
        assertEquals(RESTRICT_VIOLATION, refused("update credential_type set id = 'another' where id = 'residency'"));
        assertEquals(RESTRICT_VIOLATION, refused("truncate credential_type cascade"));
    }

    /** The SQLSTATE with which a statement is refused. */
    private String refused(String statement) {
        return assertThrows(
                        PgException.class,
                        () -> pool.query(statement).execute().await().indefinitely())
                .getSqlState();
    }
}
