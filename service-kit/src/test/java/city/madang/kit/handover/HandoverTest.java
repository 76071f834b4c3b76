package city.madang.kit.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {

    private static final JsonObject CLAIMS = new JsonObject().put("district", "마포구");

    @TempDir
    Path folder;

    @Test
    void only_the_receiver_reads_it() {
        String receiver = HandoverKey.generate();
        String jwe = HandoverKey.encrypt(CLAIMS, HandoverKey.publicJwk(receiver));

        assertEquals(CLAIMS, HandoverKey.decrypt(jwe, receiver));
        String stranger = HandoverKey.generate();
        assertThrows(IllegalArgumentException.class, () -> HandoverKey.decrypt(jwe, stranger));
    }

    @Test
    void the_key_in_the_event_is_public() {
        JsonObject jwk = HandoverKey.publicJwk(HandoverKey.generate());
        assertFalse(jwk.containsKey("d"));
    }

    @Test
    void nothing_in_the_folder_is_readable_and_an_altered_blob_is_refused() throws Exception {
        HandoverStore store = new HandoverStore(Optional.of(folder));
        String jwe = HandoverKey.encrypt(CLAIMS, HandoverKey.publicJwk(HandoverKey.generate()));
        HandoverStore.Reference reference = store.put(jwe);

        assertEquals(jwe, store.get(reference));
        Path blob = folder.resolve(reference.id());
        assertFalse(Files.readString(blob).contains("district"));

        Files.writeString(blob, (jwe.charAt(0) == 'A' ? 'B' : 'A') + jwe.substring(1));
        assertThrows(IllegalArgumentException.class, () -> store.get(reference));
        store.delete(reference);
        store.delete(reference);
        assertThrows(IllegalArgumentException.class, () -> store.get(reference));
    }

    @Test
    void a_reference_cannot_name_a_path() {
        JsonObject hostile = new JsonObject().put("id", "../../etc/passwd").put("sha256", "00");
        assertThrows(IllegalArgumentException.class, () -> HandoverStore.Reference.of(hostile));
    }
}
