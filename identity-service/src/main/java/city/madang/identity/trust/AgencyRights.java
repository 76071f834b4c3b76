package city.madang.identity.trust;

import city.madang.identity.dcql.DcqlQuery;
import city.madang.identity.language.LocalText;
import city.madang.identity.types.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agency may do. What is not said is denied.
 *
 * @param ownTypes whether it may issue the types that it owns and ask for all of their claims
 * @param issues types that it may issue besides
 * @param asks what it may ask for besides
 */
record AgencyRights(boolean ownTypes, List<TypeRef> issues, List<Ask> asks) {

    /** Without a decision of the registrar: its own types, nothing else. */
    static final AgencyRights DEFAULT = new AgencyRights(true, List.of(), List.of());

    /**
     * What an agency may ask of one type; that it may ask for the type at all is part of it.
     *
     * @param claims none: no more than what every credential of the type shows
     * @param purpose what it needs this for, for holders
     * @param legalBasis by what law or decision
     */
    record Ask(TypeRef type, List<ClaimPath> claims, LocalText purpose, LocalText legalBasis) {}

    AgencyRights {
        issues = List.copyOf(issues);
        asks = List.copyOf(asks);
    }

    boolean mayIssue(TypeRef type, boolean owned) {
        return (ownTypes && owned) || issues.contains(type);
    }

    /**
     * What of a query goes beyond: each type, or claim of a type, that the agency may not ask for. Every query counts, whether it is an
     * alternative or optional, and every type that may be given in its place.
     *
     * @param owned the types that the agency owns
     */
    List<String> over(DcqlQuery query, Set<TypeRef> owned) {
        List<String> over = new ArrayList<>();
        for (DcqlQuery.Asked asked : query.asked()) {
            Format format =
                    Format.of(query.formatOf(asked.id()).orElseThrow().text()).orElseThrow();
            for (String name : asked.types()) {
                TypeRef type = new TypeRef(format, name);
                if (!(ownTypes && owned.contains(type))) {
                    over.addAll(over(asked, type));
                }
            }
        }
        return over;
    }

    private List<String> over(DcqlQuery.Asked asked, TypeRef type) {
        List<Ask> rights = asks.stream().filter(ask -> ask.type().equals(type)).toList();
        if (rights.isEmpty()) {
            return List.of(asked.id() + ": " + type.name());
        }
        List<String> over = new ArrayList<>();
        for (List<@Nullable Object> path : asked.paths()) {
            boolean covered =
                    rights.stream().flatMap(ask -> ask.claims().stream()).anyMatch(right -> right.covers(path));
            if (!covered) {
                over.add(asked.id() + ": " + type.name() + " " + path);
            }
        }
        return over;
    }
}
