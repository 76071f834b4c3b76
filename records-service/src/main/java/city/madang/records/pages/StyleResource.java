package city.madang.records.pages;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/** The style sheet of all pages. */
@Path(StyleResource.PATH)
@PermitAll
public class StyleResource {

    static final String PATH = "/records/style.css";

    private final String style = resource("/pages/style.css");

    @GET
    @Produces("text/css")
    @Operation(hidden = true)
    public RestResponse<String> style() {
        return RestResponse.ResponseBuilder.ok(style)
                .header("Cache-Control", "public, max-age=3600")
                .build();
    }

    private static String resource(String name) {
        try (InputStream in = StyleResource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
