package city.madang.gateway.description;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.openapi.api.util.MergeUtil;
import io.smallrye.openapi.runtime.io.Format;
import io.smallrye.openapi.runtime.io.OpenApiParser;
import io.smallrye.openapi.runtime.io.OpenApiSerializer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.jboss.logging.Logger;

/** Makes one OpenAPI 3.1 document of several. Takes milliseconds of computing, so not for an event loop. */
final class Merger {

    private static final Logger LOG = Logger.getLogger(Merger.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI origin;

    Merger(URI origin) {
        this.origin = origin;
    }

    /**
     * Merges.
     *
     * @param documents JSON by service, in the order in which they shall appear
     * @param missing services that gave none
     * @param isPublic whether a path may be shown
     */
    ApiDescription.Document merge(Map<String, byte[]> documents, List<String> missing, Predicate<String> isPublic)
            throws IOException {
        List<String> left = new ArrayList<>(missing);
        Map<String, JsonNode> components = new HashMap<>();
        Set<String> operations = new HashSet<>();
        OpenAPI merged = OASFactory.createOpenAPI();
        for (Map.Entry<String, byte[]> entry : documents.entrySet()) {
            try {
                merged = MergeUtil.merge(
                        merged, parse(entry.getKey(), entry.getValue(), isPublic, components, operations));
            } catch (IOException | RuntimeException e) {
                LOG.warnf(e, "The OpenAPI document of %s can't be read", entry.getKey());
                left.add(entry.getKey());
            }
        }
        merged.setOpenapi("3.1.0");
        merged.setInfo(OASFactory.createInfo()
                .title("Madang")
                .version("0.1.0")
                .description(describe(left))
                .license(OASFactory.createLicense()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")));
        merged.setServers(List.of(OASFactory.createServer().url(origin.toString())));
        return new ApiDescription.Document(
                OpenApiSerializer.serialize(merged, Format.JSON),
                OpenApiSerializer.serialize(merged, Format.YAML),
                left.isEmpty());
    }

    private static OpenAPI parse(
            String service,
            byte[] json,
            Predicate<String> isPublic,
            Map<String, JsonNode> components,
            Set<String> operations)
            throws IOException {
        if (!(JSON.readTree(json) instanceof ObjectNode object)) {
            throw new JsonProcessingException("not an object") {};
        }
        Fragment fragment = new Fragment(service, object);
        fragment.keepPublic(isPublic);
        fragment.describeAnswers();
        fragment.tellApart(components, operations);
        return OpenApiParser.parse(
                new ByteArrayInputStream(JSON.writeValueAsBytes(fragment.document())), Format.JSON, null);
    }

    private static String describe(List<String> missing) {
        String text = "Digital identity, payments and records of a city, under one origin.";
        if (missing.isEmpty()) {
            return text;
        }
        return text + " Missing at the moment, because the service did not answer: " + String.join(", ", missing) + ".";
    }
}
