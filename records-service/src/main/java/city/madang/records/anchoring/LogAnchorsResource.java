package city.madang.records.anchoring;

import city.madang.records.Page;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The anchors of a log, latest first. */
@Path("/records/log")
@PermitAll
public class LogAnchorsResource {

    private final AnchorStore store;

    LogAnchorsResource(AnchorStore store) {
        this.store = store;
    }

    /**
     * @param root {@code 0x}-hex
     * @param gasUsed by the transaction; absent for anchors that were made before it was noted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Anchor(
            long size,
            String root,
            @JsonProperty("transaction_hash") String transactionHash,
            @JsonProperty("block_number") long blockNumber,
            @JsonProperty("gas_used") @Nullable Long gasUsed,
            Instant anchored) {

        static Anchor of(AnchorStore.Anchored anchored) {
            return new Anchor(
                    anchored.size(),
                    anchored.root().hex(),
                    anchored.transactionHash(),
                    anchored.blockNumber(),
                    anchored.gasUsed().orElse(null),
                    anchored.anchored());
        }
    }

    /** @param after a size: anchors of smaller sizes follow */
    @GET
    @Path("{agency}/anchors")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Page<Anchor>> anchors(
            @PathParam("agency") @Pattern(regexp = "[a-z][a-z0-9-]{1,30}") String agency,
            @QueryParam("limit") @DefaultValue("" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.HIGHEST_LIMIT) int limit,
            @QueryParam("after") @DefaultValue("" + Long.MAX_VALUE) @Min(1) long after) {
        return store.list(agency, after, limit + 1)
                .map(found -> Page.of(
                        found.stream().map(Anchor::of).toList(), limit, anchor -> String.valueOf(anchor.size())));
    }
}
