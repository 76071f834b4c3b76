package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.ca.Trust;
import city.madang.devstack.keycloak.People;
import city.madang.devstack.stack.Stack;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A system of an agency proves itself by certificate (RFC 8705) to the real Keycloak behind the gateway, gets a token that is bound to the
 * certificate, and calls the services with it at the entry for agencies.
 */
@Order(6)
class AgencyEntryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "/auth/realms/madang/protocol/openid-connect/token";
    private static final String REQUESTS = "/identity/credential-requests";

    private static Stack stack;
    private static KeyStore certified;
    private static HttpClient system;
    private static HttpClient nobody;

    @BeforeAll
    static void a_town() throws Exception {
        Town.ready();
        stack = TestStack.get();
        certified = stack.ca().agencySystem(People.CERTIFIED_SYSTEM);
        system = client(certified);
        nobody = client(null);
    }

    @Test
    void a_system_gets_a_token_bound_to_its_certificate_and_is_served_with_it() throws Exception {
        String token = token(system);

        assertEquals(thumbprint(certified), payload(token).at("/cnf/x5t#S256").asText());
        assertEquals("transport", payload(token).path("agency").asText());
        assertEquals(
                stack.origin() + "/auth/realms/madang",
                payload(token).path("iss").asText());
        assertEquals(200, get(system, stack.agencyEntry(), token));
    }

    @Test
    void without_the_certificate_the_token_is_refused() throws Exception {
        String token = token(system);
        HttpClient other = client(stack.ca().agencySystem(People.CERTIFIED_SYSTEM));

        assertEquals(401, get(other, stack.agencyEntry(), token), "over another system's connection");
        assertEquals(401, get(nobody, stack.origin(), token), "at the public entry");
        assertThrows(IOException.class, () -> get(nobody, stack.agencyEntry(), token), "without any certificate");
    }

    @Test
    void a_token_that_is_bound_to_nothing_is_refused_at_the_entry_for_agencies() throws Exception {
        String unbound = Town.ready().transport.token();

        assertEquals(200, get(nobody, stack.origin(), unbound));
        assertEquals(401, get(system, stack.agencyEntry(), unbound));
    }

    @Test
    void keycloak_believes_nobody_else_about_a_certificate() throws Exception {
        String claimed =
                ":" + Base64.getEncoder().encodeToString(leaf(certified).getEncoded()) + ":";
        HttpRequest.Builder request = ask(stack.origin());

        assertTrue(status(nobody, request) >= 400);
        assertTrue(status(nobody, request.header("Client-Cert", claimed)) >= 400);
    }

    @Test
    void a_certificate_of_another_name_gets_no_token_of_this_client() throws Exception {
        HttpClient other = client(stack.ca().agencySystem("treasury-system"));

        assertTrue(status(other, ask(stack.agencyEntry())) >= 400);
    }

    private static String token(HttpClient client) throws Exception {
        HttpResponse<String> answer = client.send(ask(stack.agencyEntry()).build(), BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    private static HttpRequest.Builder ask(URI entry) {
        return HttpRequest.newBuilder(entry.resolve(TOKEN))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials&client_id=" + People.CERTIFIED_SYSTEM));
    }

    private static int get(HttpClient client, URI entry, String token) throws IOException, InterruptedException {
        return status(
                client, HttpRequest.newBuilder(entry.resolve(REQUESTS)).header("Authorization", "Bearer " + token));
    }

    private static int status(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static JsonNode payload(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    private static Certificate leaf(KeyStore store) throws GeneralSecurityException {
        return store.getCertificate(store.aliases().nextElement());
    }

    private static String thumbprint(KeyStore store) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf(store).getEncoded());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    /** Trusts the development CA; shows what is in the store, or nothing. */
    private static HttpClient client(KeyStore shown) throws GeneralSecurityException {
        KeyManager[] keys = {};
        if (shown != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(shown, new char[0]);
            keys = factory.getKeyManagers();
        }
        return HttpClient.newBuilder()
                .sslContext(Trust.only(stack.rootCertificate(), keys))
                .build();
    }
}
