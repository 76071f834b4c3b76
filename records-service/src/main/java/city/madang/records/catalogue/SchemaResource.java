package city.madang.records.catalogue;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** The form of a service definition, for the editors of those who write one. */
@Path("/records/service-definition.schema.json")
public class SchemaResource {

    static final String FILE = "/services/service-definition.schema.json";

    private final byte[] schema;

    SchemaResource() {
        try (InputStream file = SchemaResource.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("no " + FILE);
            }
            this.schema = file.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @GET
    @Produces("application/schema+json")
    @PermitAll
    @Operation(summary = "The form of a service definition as a JSON Schema (2020-12)")
    public RestResponse<byte[]> get() {
        return RestResponse.ResponseBuilder.ok(schema)
                .header("Cache-Control", "public, max-age=3600")
                .build();
    }
}
