package city.madang.records.applications;

import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.sealing.SealingJob;
import city.madang.records.sealing.SealingQueue;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Has the record of a granted application sealed. */
@ApplicationScoped
class SealApplication {

    private final Catalogue catalogue;
    private final SealingQueue sealing;

    SealApplication(Catalogue catalogue, SealingQueue sealing) {
        this.catalogue = catalogue;
        this.sealing = sealing;
    }

    Uni<Void> queue(Mutiny.Session session, Application application) {
        return catalogue
                .version(session, application.service, application.serviceVersion)
                .chain(definition ->
                        version(session, application.renews).map(version -> job(application, definition, version)))
                .chain(job -> sealing.add(session, job));
    }

    private static Uni<Integer> version(Mutiny.Session session, @Nullable UUID renewed) {
        return renewed == null
                ? Uni.createFrom().item(1)
                : session.createNativeQuery("select version + 1 from record where id = ?1", Integer.class)
                        .setParameter(1, renewed)
                        .getSingleResult();
    }

    private static SealingJob job(Application application, ServiceDefinition definition, int version) {
        UUID record = application.record;
        String known = application.facts;
        if (record == null || known == null) {
            throw new IllegalStateException("application " + application.id + " has no facts to seal");
        }
        JsonObject facts = new JsonObject(known);
        List<SealingJob.Line> lines = new ArrayList<>();
        for (ServiceDefinition.Fact fact : definition.record().facts()) {
            String value = facts.getString(fact.name(), "–");
            lines.add(new SealingJob.Line(
                    fact.name(), fact.label().ko(), fact.label().en(), value));
        }
        return new SealingJob(
                record,
                application.id,
                version,
                application.agency,
                application.applicant,
                application.service,
                definition.record().type(),
                definition.record().title().ko(),
                definition.record().title().en(),
                definition.record().validityDays(),
                definition.record().template(),
                lines,
                credential(application, definition, facts));
    }

    private static SealingJob.@Nullable Credential credential(
            Application application, ServiceDefinition definition, JsonObject facts) {
        ServiceDefinition.@Nullable Credential credential = definition.credential();
        String identityKey = application.identityKey;
        if (credential == null || identityKey == null) {
            return null;
        }
        JsonObject claims = new JsonObject();
        for (String claim : credential.claims()) {
            if (facts.containsKey(claim)) {
                claims.put(claim, facts.getString(claim));
            }
        }
        return new SealingJob.Credential(credential.id(), new JsonObject(identityKey), claims);
    }
}
