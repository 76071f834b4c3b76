package city.madang.kit.events;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/** Notes each event in a table without any uniqueness of its own, so that a double effect would show. */
@ApplicationScoped
public class EffectHandler implements EventHandler {

    @Override
    public String type() {
        return "thing.happened";
    }

    @Override
    public Uni<?> on(Event event, Mutiny.Session session) {
        if (event.data().getBoolean("poison", false)) {
            return Uni.createFrom().failure(new Poison("made to fail"));
        }
        if (event.data().getBoolean("early", false)) {
            return Uni.createFrom().failure(new NotYet("its forerunner never comes in this test"));
        }
        return session.createNativeQuery("insert into effect (event, subject, step) values (?1, ?2, ?3)")
                .setParameter(1, event.id())
                .setParameter(2, event.subject())
                .setParameter(3, event.data().getInteger("step"))
                .executeUpdate();
    }
}
