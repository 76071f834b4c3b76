package city.madang.gateway.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which operation of a route asks for what: one answer for all, and the operations that differ. */
public final class AccessRules {

    private final Access usual;
    private final Map<String, Node> byMethod = new HashMap<>();

    private static final class Node {
        final Map<String, Node> children = new HashMap<>();

        @Nullable
        Node any;

        @Nullable
        Access here;

        @Nullable
        Access below;
    }

    /**
     * Reads the rules. An operation is written as OpenAPI does, {@code GET /identity/agencies/{agency}}; a part in braces stands
     * for any one segment, and {@code /**} at the end for what stands before it and everything below.
     *
     * @throws IllegalArgumentException if an operation is malformed or has two answers
     */
    public AccessRules(Access usual, Map<Access, List<String>> exceptions) {
        this.usual = usual;
        exceptions.forEach((access, operations) -> operations.forEach(operation -> add(operation.strip(), access)));
    }

    /** What an operation asks for; {@code HEAD} as {@code GET}. */
    public Access of(String method, String path) {
        Node root = byMethod.get("HEAD".equals(method) ? "GET" : method);
        if (root == null) {
            return usual;
        }
        Access found = find(root, path, 1);
        return found == null ? usual : found;
    }

    private static @Nullable Access find(Node node, String path, int from) {
        if (from > path.length()) {
            return node.here == null ? node.below : node.here;
        }
        int slash = path.indexOf('/', from);
        int end = slash < 0 ? path.length() : slash;
        Node exact = node.children.get(path.substring(from, end));
        Access found = exact == null ? null : find(exact, path, end + 1);
        // an empty segment is nobody's name
        if (found == null && node.any != null && end > from) {
            found = find(node.any, path, end + 1);
        }
        return found == null ? node.below : found;
    }

    private void add(String operation, Access access) {
        int space = operation.indexOf(' ');
        if (space <= 0 || operation.charAt(operation.length() - 1) == '/' || !operation.startsWith("/", space + 1)) {
            throw new IllegalArgumentException(operation + " is no operation such as GET /path/{id}");
        }
        Node node = byMethod.computeIfAbsent(operation.substring(0, space), method -> new Node());
        String path = operation.substring(space + 2);
        boolean all = path.endsWith("/**");
        for (String segment : (all ? path.substring(0, path.length() - 3) : path).split("/", -1)) {
            if (segment.startsWith("{") && segment.endsWith("}")) {
                node.any = node.any == null ? new Node() : node.any;
                node = node.any;
            } else if (segment.isEmpty() || segment.contains("*") || segment.contains("{")) {
                throw new IllegalArgumentException(operation + " has a segment that is neither a name nor {a name}");
            } else {
                node = node.children.computeIfAbsent(segment, name -> new Node());
            }
        }
        if ((all ? node.below : node.here) != null) {
            throw new IllegalArgumentException(operation + " is listed twice");
        }
        if (all) {
            node.below = access;
        } else {
            node.here = access;
        }
    }
}
