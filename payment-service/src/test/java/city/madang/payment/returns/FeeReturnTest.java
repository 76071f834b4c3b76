package city.madang.payment.returns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.devstack.testing.TestTokens;
import city.madang.payment.authorisations.Events;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.PaymentTest;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application that ends without a grant costs nothing, whenever it was paid. */
@PaymentTest
class FeeReturnTest {

    private static final String AGENCY = "licences";
    private static final long FEE = 700;

    @BeforeEach
    void anAgency() {
        City.agency(AGENCY);
    }

    private static String apply(String user) {
        String application = UUID.randomUUID().toString();
        tell("application.submitted", application, submitted(application, user));
        return application;
    }

    private static JsonObject submitted(String application, String user) {
        return new JsonObject()
                .put("application", application)
                .put("service", "trade-licence")
                .put("agency", AGENCY)
                .put("applicant", TestTokens.subject(user))
                .put(
                        "fee",
                        new JsonObject()
                                .put("amount", FEE)
                                .put("currency", "KRW")
                                .put("title", new JsonObject().put("ko", "수수료").put("en", "Fee")));
    }

    private static void tell(String type, String application, JsonObject data) {
        City.send("madang.records", "/records-service", type, application, data);
    }

    private static void close(String application) {
        JsonObject data = new JsonObject()
                .put("application", application)
                .put("agency", AGENCY)
                .put("outcome", "withdrawn");
        UUID id = UUID.randomUUID();
        City.send("madang.records", "/records-service", "application.closed", application, data, id);
        City.send("madang.records", "/records-service", "application.closed", application, data, id);
        tell("application.closed", application, data);
    }

    private static JsonObject bill(String application, Wallet payer) {
        String id = Api.await(
                        () -> City.query("select id from bill where application = '" + application + "'"),
                        found -> !found.isEmpty())
                .getFirst();
        return Api.get("/payment/bills/" + id, payer.token).json();
    }

    private static Api.Answer pay(Wallet payer, JsonObject bill) {
        return payer.submit(payer.pay(bill.getString("payee"), FEE, bill.getString("bill_hash")));
    }

    private static List<String> told(String bill, String type) {
        return Events.about(bill).stream()
                .filter(event -> event.type().equals(type))
                .map(Events.Told::data)
                .toList();
    }

    private static void fundDesk(long won) {
        City.fund(
                Api.await(
                                () -> City.query("select account from refund_desk d join account a on a.id = d.account"
                                        + " where d.agency = '" + AGENCY + "' and a.state = 'open'"),
                                found -> !found.isEmpty())
                        .getFirst(),
                won);
    }

    @Test
    void the_fee_of_what_was_not_granted_goes_back_once_however_often_that_is_told() throws SQLException {
        Wallet payer = City.wallet("minji", 1_000);
        String application = apply("minji");
        JsonObject bill = bill(application, payer);
        String payment = City.expect(201, pay(payer, bill)).json().getString("id");
        close(application);
        City.finished(payer, payment);
        fundDesk(10 * FEE);
        City.execute("update fee_return set not_before = now()");

        String id = bill.getString("id");
        Api.await(() -> told(id, "fee.returned"), returned -> !returned.isEmpty());

        assertEquals(1_000, payer.state().getLong("balance"));
        assertEquals(
                List.of(payment),
                City.query("select refund_of from transfer where refund_of = '" + payment + "' and state = 'settled'"));
        // told again, and looked at again as if what was done had been forgotten
        close(application);
        City.execute("update fee_return set done = null where application = '" + application + "'");
        Api.await(
                () -> City.query("select 1 from fee_return where done is null and application = '" + application + "'"),
                List::isEmpty);
        assertEquals(1_000, payer.state().getLong("balance"));
        assertEquals(1, City.number("select count(*) from transfer where refund_of = '" + payment + "'"));
        assertEquals(List.of(), told(id, "bill.cancelled"));
    }

    @Test
    void what_is_not_paid_is_cancelled_and_what_ended_before_it_was_heard_of_is_not_billed() {
        Wallet payer = City.wallet("junho", 1_000);
        String application = apply("junho");
        JsonObject bill = bill(application, payer);
        close(application);
        Api.await(() -> told(bill.getString("id"), "bill.cancelled"), cancelled -> cancelled.size() == 1);
        assertEquals("bill-cancelled", pay(payer, bill).problem());

        String early = UUID.randomUUID().toString();
        close(early);
        tell("application.submitted", early, submitted(early, "junho"));
        String later = apply("junho");
        bill(later, payer);
        Api.await(() -> City.query("select 1 from inbox where source = '/records-service'"), seen -> !seen.isEmpty());
        assertEquals(0, City.number("select count(*) from bill where application = '" + early + "'"));
    }

    @Test
    void paying_raced_with_the_end_of_the_application_costs_nothing() throws SQLException {
        int rounds = 6;
        Wallet payer = City.wallet("minji", 1_000 * rounds);
        List<JsonObject> bills = new ArrayList<>();
        List<String> applications = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            applications.add(apply("minji"));
        }
        applications.forEach(application -> bills.add(bill(application, payer)));
        fundDesk(FEE * rounds);
        List<CompletableFuture<Api.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            JsonObject bill = bills.get(i);
            String application = applications.get(i);
            // a thread of its own takes the test's class loader along, one of the common pool does not
            answers.add(CompletableFuture.supplyAsync(() -> pay(payer, bill), Thread::startVirtualThread));
            close(application);
        }
        List<Api.Answer> paid = answers.stream().map(CompletableFuture::join).toList();

        for (int i = 0; i < rounds; i++) {
            String application = applications.get(i);
            Api.await(
                    () -> City.query(
                            "select 1 from fee_return where done is not null and application = '" + application + "'"),
                    done -> !done.isEmpty());
            boolean accepted = paid.get(i).status() == 201;
            assertTrue(accepted || paid.get(i).problem().equals("bill-cancelled"), paid.get(i)::toString);
            String bill = bills.get(i).getString("id");
            Api.await(() -> told(bill, accepted ? "fee.returned" : "bill.cancelled"), happened -> happened.size() == 1);
            assertEquals(List.of(), told(bill, accepted ? "bill.cancelled" : "fee.returned"));
        }
        assertEquals(1_000L * rounds, payer.state().getLong("balance"));
        assertEquals(0, payer.state().getLong("balance") - payer.state().getLong("available"));
    }
}
