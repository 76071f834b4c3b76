package city.madang.records.applications;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** What happened to applications, in order. Written under the lock of the application's row. */
@ApplicationScoped
class Entries {

    Uni<Void> add(Mutiny.Session session, UUID application, List<Entry> entries) {
        return Multi.createFrom()
                .iterable(entries)
                .onItem()
                .transformToUniAndConcatenate(entry -> add(session, application, entry))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Uni<Integer> add(Mutiny.Session session, UUID application, Entry entry) {
        Instant until = entry.until();
        return session.createNativeQuery(
                        "insert into application_entry (application, number, kind, actor, text, until, at) select ?1,"
                                + " coalesce(max(number), 0) + 1, ?2, ?3, cast(?4 as text), cast(?5 as timestamptz), ?6"
                                + " from application_entry where application = ?1")
                .setParameter(1, application)
                .setParameter(2, entry.kind().name().toLowerCase(Locale.ROOT))
                .setParameter(3, entry.actor().name().toLowerCase(Locale.ROOT))
                .setParameter(4, entry.text())
                .setParameter(5, until == null ? null : until.atOffset(ZoneOffset.UTC))
                .setParameter(6, entry.at().atOffset(ZoneOffset.UTC))
                .executeUpdate();
    }

    Uni<List<Entry>> of(Mutiny.Session session, UUID application) {
        return session.createNativeQuery(
                        "select kind, actor, text, until, at from application_entry where application = ?1 order by"
                                + " number",
                        Object[].class)
                .setParameter(1, application)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new Entry(
                                Entry.Kind.valueOf(((String) row[0]).toUpperCase(Locale.ROOT)),
                                Entry.Actor.valueOf(((String) row[1]).toUpperCase(Locale.ROOT)),
                                (String) row[2],
                                instant(row[3]),
                                java.util.Objects.requireNonNull(instant(row[4]))))
                        .toList());
    }

    /** What was asked and answered goes with the form; why it was decided so stays. */
    Uni<Void> erase(Mutiny.Session session, UUID application) {
        return session.createNativeQuery("update application_entry set text = null"
                        + " where application = ?1 and kind not in ('granted', 'refused') and text is not null")
                .setParameter(1, application)
                .executeUpdate()
                .replaceWithVoid();
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Instant instant -> instant;
            case OffsetDateTime time -> time.toInstant();
            default -> throw new IllegalStateException("not a time: " + value.getClass());
        };
    }
}
