package city.madang.payment.bills;

import city.madang.kit.events.Event;
import city.madang.kit.events.EventHandler;
import city.madang.kit.events.NotYet;
import city.madang.kit.events.Poison;
import city.madang.payment.money.Won;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Bills the applicant for the fee of an application, if there is one. */
@ApplicationScoped
public class ApplicationSubmitted implements EventHandler {

    private final Bills bills;

    ApplicationSubmitted(Bills bills) {
        this.bills = bills;
    }

    @Override
    public String type() {
        return "application.submitted";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        @Nullable Object fee = event.data().getValue("fee");
        if (fee == null) {
            return Uni.createFrom().voidItem();
        }
        Bills.Claim claim = claim(event.data(), fee);
        return isClosed(session, String.valueOf(claim.application()))
                .chain(closed -> closed
                        ? Uni.createFrom().voidItem()
                        : bills.present(session, claim.agency(), List.of(claim))
                                .map(presented -> presented.orElseThrow(() ->
                                        new NotYet("agency " + claim.agency() + " has no account for its fees yet")))
                                .chain(() -> mayOwe(session, claim.agency())));
    }

    /** What was heard to be over before it was heard of is not billed. */
    private static Uni<Boolean> isClosed(Mutiny.Session session, String application) {
        return session.createNativeQuery("select count(*) from fee_return where application = ?1", Long.class)
                .setParameter(1, application)
                .getSingleResult()
                .map(found -> found > 0);
    }

    /** An agency that takes fees for applications may have to pay some back. */
    private static Uni<Void> mayOwe(Mutiny.Session session, String agency) {
        return session.createNativeQuery("insert into refund_desk (agency) values (?1) on conflict do nothing")
                .setParameter(1, agency)
                .executeUpdate()
                .replaceWithVoid();
    }

    private static Bills.Claim claim(JsonObject data, Object fee) {
        if (!(fee instanceof JsonObject due)
                || !(due.getValue("amount") instanceof Number amount)
                || amount.doubleValue() != amount.longValue()
                || amount.longValue() < 1
                || amount.longValue() > Won.MAX
                || !Won.CURRENCY.equals(due.getValue("currency"))) {
            throw new Poison("application.submitted with a fee that is no amount of won");
        }
        return new Bills.Claim(
                text(data, "agency"),
                text(data, "applicant"),
                amount.longValue(),
                title(due.getValue("title")),
                text(data, "application"),
                null,
                false);
    }

    private static Text title(@Nullable Object title) {
        return switch (title) {
            case JsonObject both -> new Text(text(both, "ko"), text(both, "en"));
            case String one -> new Text(shortened(one), shortened(one));
            case null, default -> throw new Poison("application.submitted with a fee that has no title");
        };
    }

    private static String text(JsonObject data, String member) {
        if (data.getValue(member) instanceof String text && !text.isBlank()) {
            return shortened(text);
        }
        throw new Poison("application.submitted without " + member);
    }

    private static String shortened(String text) {
        return text.length() <= Text.LENGTH_MAX ? text : text.substring(0, Text.LENGTH_MAX);
    }
}
