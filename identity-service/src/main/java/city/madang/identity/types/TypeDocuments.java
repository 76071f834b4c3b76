package city.madang.identity.types;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The type metadata that stands at a {@code vct}. A credential that holds its hash ({@code vct#integrity}) is refused by whoever
 * finds another document there, so the document never changes under a credential that is still valid: when a type is declared
 * anew, the old document stays until the last such credential has expired, and credentials issued meanwhile hold no hash. Only
 * then the new one takes its place. Wallets see the new display at once in the issuer's metadata.
 */
@ApplicationScoped
public class TypeDocuments {

    /** Credentials are valid to the end of a day, and other instances may issue with the old hash for some seconds. */
    private static final int SLACK_DAYS = 2;

    private final CredentialTypes types;

    TypeDocuments(CredentialTypes types) {
        this.types = types;
    }

    /**
     * What is served at a vct.
     *
     * @param integrity {@code vct#integrity} for new credentials; null while they are to hold none
     */
    public record Served(String body, @Nullable String integrity) {}

    /** The document of a type in {@code dc+sd-jwt}, within a transaction: brings it up to date where that breaks nothing. */
    public Uni<Served> served(Mutiny.Session session, CredentialType type) {
        String wanted = TypeMetadata.body(type, types.typeName(type));
        return session.createNativeQuery(
                        "insert into type_document (type, body, longest_days) values (?1, ?2, ?3)"
                                + " on conflict (type) do update set"
                                + " body = case when type_document.until < now() then excluded.body else type_document.body end,"
                                + " longest_days = case when type_document.until < now() then excluded.longest_days"
                                + " when type_document.body = excluded.body"
                                + " then greatest(type_document.longest_days, excluded.longest_days)"
                                + " else type_document.longest_days end,"
                                + " until = case when type_document.until < now() or type_document.body = excluded.body then null"
                                + " else coalesce(type_document.until,"
                                + " now() + make_interval(days => type_document.longest_days + "
                                + SLACK_DAYS + ")) end"
                                + " returning body",
                        String.class)
                .setParameter(1, type.id())
                .setParameter(2, wanted)
                .setParameter(3, type.validityDays())
                .getSingleResult()
                .map(body -> new Served(
                        Objects.requireNonNull(body), wanted.equals(body) ? TypeMetadata.integrity(wanted) : null));
    }
}
