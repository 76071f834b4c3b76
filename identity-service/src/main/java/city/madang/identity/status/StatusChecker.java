package city.madang.identity.status;

import city.madang.identity.certificates.Signer;
import city.madang.identity.certificates.Signers;
import city.madang.identity.jose.Malformed;
import city.madang.identity.settings.IdentitySettings;
import city.madang.identity.status.ListReader.ReadList;
import city.madang.kit.fetch.GuardedFetch;
import city.madang.kit.worker.BackToCaller;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds out the status of a presented credential (draft-ietf-oauth-status-list §8.3). */
@ApplicationScoped
public class StatusChecker {

    private static final Logger LOG = Logger.getLogger(StatusChecker.class);

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final StatusLists lists;
    private final ForeignLists foreign;
    private final String ownPrefix;

    @Inject
    StatusChecker(StatusLists lists, GuardedFetch fetch, Signers signers, IdentitySettings settings) {
        this(
                lists,
                new ForeignLists(
                        fetch,
                        new ListReader(signers::ofList),
                        Clock.systemUTC(),
                        settings.status().foreignBytesInMemory(),
                        settings.status().foreignTtlMax()),
                settings.statusLists() + "/");
    }

    StatusChecker(StatusLists lists, ForeignLists foreign, String ownPrefix) {
        this.lists = lists;
        this.foreign = foreign;
        this.ownPrefix = ownPrefix;
    }

    /**
     * Never fails: what cannot be found out is {@link CredentialStatus#UNAVAILABLE}. The answer arrives on the Vert.x context that
     * asked.
     *
     * @param statusClaim the credential's {@code status}, {@code {"status_list": {"idx": 0, "uri": "…"}}}; a credential without one
     *     is valid for as long as it says itself
     * @param issuer who signed the credential, its chain checked already; the list must be of the same issuer
     */
    public Uni<CredentialStatus> check(@Nullable Object statusClaim, Signer issuer) {
        if (statusClaim == null) {
            return Uni.createFrom().item(CredentialStatus.VALID);
        }
        try {
            StatusReference reference = StatusReference.of(statusClaim);
            Uni<CredentialStatus> found = reference instanceof StatusReference.Entry entry
                            && reference.uri().startsWith(ownPrefix)
                    ? own(entry, issuer)
                    : others(reference, issuer);
            return found.onFailure().recoverWithItem(failure -> {
                LOG.warnf("a status cannot be found out: %s", failure.getClass());
                return CredentialStatus.UNAVAILABLE;
            });
        } catch (Malformed refused) {
            return Uni.createFrom().item(CredentialStatus.UNAVAILABLE);
        }
    }

    /** From the database, so that a revocation counts at once. */
    private Uni<CredentialStatus> own(StatusReference.Entry reference, Signer issuer) {
        String id = reference.uri().substring(ownPrefix.length());
        return UUID_TEXT.matcher(id).matches()
                ? lists.present(UUID.fromString(id), reference.index()).map(found -> found.filter(present ->
                                issuer.other() == null && IssuerName.isOfAgency(issuer.certificate(), present.agency()))
                        .map(present -> CredentialStatus.of(present.value()))
                        .orElse(CredentialStatus.UNAVAILABLE))
                : Uni.createFrom().item(CredentialStatus.UNAVAILABLE);
    }

    private Uni<CredentialStatus> others(StatusReference reference, Signer issuer) {
        return BackToCaller.of(foreign.get(reference).map(list -> status(list, reference, issuer)));
    }

    private static CredentialStatus status(Optional<ReadList> list, StatusReference reference, Signer issuer) {
        if (list.isEmpty() || !IssuerName.isSame(list.get().signer(), issuer)) {
            return CredentialStatus.UNAVAILABLE;
        }
        try {
            return list.get().stated().of(reference);
        } catch (Malformed outOfRange) {
            return CredentialStatus.UNAVAILABLE;
        }
    }
}
