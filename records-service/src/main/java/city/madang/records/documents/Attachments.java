package city.madang.records.documents;

import city.madang.kit.problem.CommonProblem;
import city.madang.kit.worker.OffLoop;
import city.madang.records.JsonBody;
import city.madang.records.Members;
import city.madang.records.catalogue.AttachmentTypes;
import city.madang.records.documents.types.DocumentType;
import city.madang.records.documents.types.DocumentTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * Documents that a citizen sends along with an application: announced and uploaded like an agency's own and kept in the agency's archive under one of its
 * types, about the citizen. As long as no application names it, nobody but the citizen is concerned, and it is destroyed soon.
 */
@ApplicationScoped
public class Attachments implements AttachmentTypes {

    private static final JsonNode NO_METADATA = JsonNodeFactory.instance.objectNode();

    private final Uploads uploads;
    private final DocumentTypes types;
    private final DocumentSettings settings;
    private final Pool pool;

    Attachments(Uploads uploads, DocumentTypes types, DocumentSettings settings, Pool pool) {
        this.uploads = uploads;
        this.types = types;
        this.settings = settings;
        this.pool = pool;
    }

    @Override
    public Uni<Optional<String>> unfit(Mutiny.Session session, String agency, String type) {
        return find(session, agency, type)
                .chain(found -> OffLoop.call(() -> found.map(stored -> unfit(types.read(stored)))
                        .orElse(Optional.of("the agency has no such type of documents"))));
    }

    private static Optional<String> unfit(DocumentType type) {
        if (!type.personal()) {
            return Optional.of("documents of this type are about nobody");
        }
        return type.metadata().check(NO_METADATA).isEmpty()
                ? Optional.empty()
                : Optional.of("documents of this type need metadata, which applicants do not give");
    }

    /** @param body of the request: {@code {name, media_type, length, sha256?}} */
    public Uni<ArchiveResource.Announced> announce(String agency, String type, String citizen, String body) {
        JsonNode tree = JsonBody.read(body, ArchiveRequests.LONGEST_BODY);
        Members.only(tree, Set.of("name", "media_type", "length", "sha256"));
        return types.find(pool, agency, type)
                .map(found -> found.orElseThrow(
                        () -> CommonProblem.CONFLICT.with("the agency takes no such documents any more")))
                .chain(stored -> OffLoop.call(() -> upload(stored, agency, type, citizen, (ObjectNode) tree)))
                .chain(upload -> uploads.announceByApplicant(upload).map(taken -> {
                    if (!taken) {
                        throw CommonProblem.CONFLICT.with("a citizen may have " + Uploads.MOST_OF_APPLICANT
                                + " documents that no application names yet");
                    }
                    return ArchiveResource.Announced.of(upload);
                }));
    }

    private Upload upload(DocumentTypes.Stored stored, String agency, String type, String citizen, ObjectNode tree) {
        ArchiveRequests.Announcement said =
                ArchiveRequests.announcement(tree.set("metadata", NO_METADATA), types.read(stored));
        return new Upload(
                UUID.randomUUID(),
                UUID.randomUUID(),
                agency,
                type,
                citizen,
                false,
                said.name(),
                said.format(),
                said.length(),
                said.sha256(),
                said.metadata(),
                citizen,
                true,
                Instant.now().plus(settings.uploadExpires()).truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Lets an application have the document, once, within the session's transaction: from now on it is retained as its type says.
     *
     * @return whether the citizen has sent such a document and no application has it
     */
    public Uni<Boolean> attach(Mutiny.Session session, String agency, String type, String citizen, UUID document) {
        return find(session, agency, type)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(false)
                        : OffLoop.call(() -> retainUntil(types.read(found.get())))
                                .chain(until -> attach(session, agency, type, citizen, document, until)));
    }

    private static Uni<Boolean> attach(
            Mutiny.Session session,
            String agency,
            String type,
            String citizen,
            UUID document,
            Optional<OffsetDateTime> until) {
        return session.createNativeQuery(
                        "update document set unattached = false, retain_until = cast(?5 as timestamptz) where id = ?1"
                                + " and agency = ?2 and type = ?3 and subject = ?4 and unattached and latest > 0 and retain_until > now()")
                .setParameter(1, document)
                .setParameter(2, agency)
                .setParameter(3, type)
                .setParameter(4, citizen)
                .setParameter(5, until.orElse(null))
                .executeUpdate()
                .map(updated -> updated == 1);
    }

    private static Optional<OffsetDateTime> retainUntil(DocumentType type) {
        @Nullable Integer days = type.retentionDays();
        return days == null
                ? Optional.empty()
                : Optional.of(Instant.now().plus(days, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC));
    }

    private static Uni<Optional<DocumentTypes.Stored>> find(Mutiny.Session session, String agency, String type) {
        return session.createNativeQuery(
                        "select definition from document_type where agency = ?1 and type = ?2", String.class)
                .setParameter(1, agency)
                .setParameter(2, type)
                .getSingleResultOrNull()
                .map(definition ->
                        Optional.ofNullable(definition).map(text -> new DocumentTypes.Stored(agency, type, 0, text)));
    }
}
