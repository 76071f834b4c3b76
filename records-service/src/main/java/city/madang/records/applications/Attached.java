package city.madang.records.applications;

import city.madang.records.RecordsProblem;
import city.madang.records.catalogue.Catalogue;
import city.madang.records.catalogue.definition.FormError;
import city.madang.records.catalogue.definition.ServiceDefinition;
import city.madang.records.documents.Attachments;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** What applicants send along: which documents an application has, by the names that its service gives them. */
@ApplicationScoped
class Attached {

    private final Attachments documents;

    Attached(Attachments documents) {
        this.documents = documents;
    }

    /** What is named that the service does not ask for, and what it needs that is not named. */
    static List<FormError> check(ServiceDefinition definition, Set<String> named) {
        Set<String> known = definition.attachments().stream()
                .map(ServiceDefinition.Attachment::name)
                .collect(Collectors.toSet());
        List<FormError> errors = new ArrayList<>();
        named.stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> errors.add(new FormError("/attachments", "names what the service does not ask for")));
        definition.attachments().stream()
                .filter(attachment -> attachment.required() && !named.contains(attachment.name()))
                .forEach(attachment -> errors.add(new FormError("/attachments/" + attachment.name(), "is needed")));
        return errors;
    }

    /** Lets the application have the documents; one that it cannot have is a problem, and nothing is changed. */
    Uni<Void> keep(Mutiny.Session session, Application application, Catalogue.Found found, Map<String, UUID> named) {
        return Multi.createFrom()
                .iterable(named.entrySet())
                .onItem()
                .transformToUniAndConcatenate(
                        one -> keep(session, application, asked(found, one.getKey()), one.getValue()))
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private static ServiceDefinition.Attachment asked(Catalogue.Found found, String name) {
        return found.definition().attachments().stream()
                .filter(attachment -> attachment.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Uni<Integer> keep(
            Mutiny.Session session, Application application, ServiceDefinition.Attachment attachment, UUID document) {
        return documents
                .attach(session, application.agency, attachment.type(), application.applicant, document)
                .invoke(attached -> {
                    if (!attached) {
                        throw RecordsProblem.FORM_INVALID.with("the applicant has sent no such document as "
                                + attachment.name() + ", or an application has it already");
                    }
                })
                .chain(() -> session.createNativeQuery(
                                "insert into application_attachment (application, name, document) values (?1, ?2, ?3)")
                        .setParameter(1, application.id)
                        .setParameter(2, attachment.name())
                        .setParameter(3, document)
                        .executeUpdate());
    }

    /** What has been destroyed since is not among them. */
    Uni<List<ApplicationView.Attachment>> of(Mutiny.Session session, UUID application) {
        return session.createNativeQuery(
                        "select name, document from application_attachment where application = ?1 order by name",
                        Object[].class)
                .setParameter(1, application)
                .getResultList()
                .map(rows -> rows.stream()
                        .map(row -> new ApplicationView.Attachment(
                                (String) row[0], (UUID) row[1], "/records/archive/" + row[1]))
                        .toList());
    }
}
