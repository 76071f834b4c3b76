package city.madang.identity.status;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** In which form a status list is signed and sent (draft-ietf-oauth-status-list §5 and §8.2). */
enum ListFormat {
    JWT(ListFormat.JWT_TYPE),
    CWT(ListFormat.CWT_TYPE);

    static final String JWT_TYPE = "application/statuslist+jwt";
    static final String CWT_TYPE = "application/statuslist+cwt";

    private final String mediaType;

    ListFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /** What {@code Accept} asks for, most wanted first; the JWT where it leaves the choice; empty if it takes neither. */
    static Optional<ListFormat> accepted(List<MediaType> accept) {
        return accept.isEmpty()
                ? Optional.of(JWT)
                : accept.stream()
                        .flatMap(wanted -> Arrays.stream(values())
                                .filter(format -> wanted.isCompatible(MediaType.valueOf(format.mediaType)))
                                .limit(1))
                        .findFirst();
    }
}
