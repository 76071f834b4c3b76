package city.madang.kit.caller;

import city.madang.kit.problem.CommonProblem;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.enterprise.context.RequestScoped;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the current request, to be injected into resources.
 *
 * <p>A resource method says who may call it with {@code @RolesAllowed}; this says which one it is. A token of two callers
 * (a person who is a citizen and an officer) is read in the role that the method asks for.
 */
@RequestScoped
public class CurrentCaller {

    /** Roles in tokens, for {@code @RolesAllowed}. */
    public static final String CITIZEN = "citizen";

    public static final String AGENCY = "agency";
    public static final String OFFICER = "officer";
    public static final String AUDITOR = "auditor";

    /** Officers of the city who keep the registry of agencies. */
    public static final String REGISTRAR = "registrar";

    /** Officers of the treasury. */
    public static final String TREASURER = "treasurer";

    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]{1,30}");

    private final CurrentIdentityAssociation identity;

    CurrentCaller(CurrentIdentityAssociation identity) {
        this.identity = identity;
    }

    public Caller.Citizen citizen() {
        return new Caller.Citizen(subjectInRole(CITIZEN));
    }

    public Caller.Agency agency() {
        return new Caller.Agency(subjectInRole(AGENCY), agencyClaim());
    }

    public Caller.Officer officer() {
        return new Caller.Officer(subjectInRole(OFFICER), agencyClaim());
    }

    public Caller.Auditor auditor() {
        return new Caller.Auditor(subjectInRole(AUDITOR));
    }

    /** The caller in the first of its roles, in the order agency, officer, auditor, citizen; 403 if it has none. */
    public Caller any() {
        if (has(AGENCY)) {
            return agency();
        }
        if (has(OFFICER)) {
            return officer();
        }
        if (has(AUDITOR)) {
            return auditor();
        }
        return citizen();
    }

    public boolean has(String role) {
        return identity.getIdentity().hasRole(role);
    }

    private String subjectInRole(String role) {
        if (!has(role)) {
            throw CommonProblem.NOT_ALLOWED.with("this needs the role " + role);
        }
        @Nullable String subject = token().getSubject();
        if (subject == null || subject.isEmpty()) {
            throw CommonProblem.NOT_ALLOWED.with("the token names no subject");
        }
        return subject;
    }

    private String agencyClaim() {
        @Nullable String agency = token().getClaim("agency");
        if (agency == null || !SLUG.matcher(agency).matches()) {
            throw CommonProblem.NOT_ALLOWED.with("the token names no agency");
        }
        return agency;
    }

    private JsonWebToken token() {
        if (identity.getIdentity().getPrincipal() instanceof JsonWebToken token) {
            return token;
        }
        throw CommonProblem.UNAUTHENTICATED.with("an access token is needed");
    }
}
