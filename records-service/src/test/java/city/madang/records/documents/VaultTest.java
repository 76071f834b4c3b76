package city.madang.records.documents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import city.madang.records.documents.blobs.FolderBlobStore;
import city.madang.records.keys.FileWrappingKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

    private static final byte[] DOCUMENT = "주민등록번호 없는 문서".getBytes(UTF_8);

    @TempDir
    Path folder;

    private FolderBlobStore blobs;
    private FileWrappingKeys keys;
    private Vault vault;
    private final UUID id = UUID.randomUUID();

    @BeforeEach
    void open() {
        blobs = new FolderBlobStore(folder.resolve("blobs"));
        keys = new FileWrappingKeys(folder.resolve("keys"), "development");
        vault = new Vault(blobs, keys, folder.resolve("staging"));
    }

    @Test
    void a_document_is_read_by_its_agency_under_its_id_alone() {
        Vault.Kept kept = vault.keep("transport", id, DOCUMENT);
        assertArrayEquals(DOCUMENT, vault.read("transport", id, kept));
        assertThrows(IllegalStateException.class, () -> vault.read("city-hall", id, kept));
        assertThrows(IllegalStateException.class, () -> vault.read("transport", UUID.randomUUID(), kept));
    }

    @Test
    void nothing_on_the_disk_holds_the_document_and_a_dropped_draft_leaves_nothing() throws IOException {
        vault.keep("transport", id, DOCUMENT);
        try (Draft draft = vault.draft("transport", id)) {
            draft.write(DOCUMENT, 0, DOCUMENT.length);
            draft.finish();
        }
        try (Draft unfinished = vault.draft("transport", id)) {
            unfinished.write(DOCUMENT, 0, DOCUMENT.length);
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            assertFalse(
                    HexFormat.of()
                            .formatHex(Files.readAllBytes(file))
                            .contains(HexFormat.of().formatHex(DOCUMENT)),
                    file.toString());
        }
        assertEquals(
                1,
                files.stream()
                        .filter(file -> file.toString().contains("/blobs/"))
                        .count());
        assertEquals(
                0,
                files.stream()
                        .filter(file -> file.toString().contains("/staging/"))
                        .count());
    }

    @Test
    void each_document_has_a_key_of_its_own_and_a_wrapped_key_is_rfc_3394_under_the_named_version() throws Exception {
        Vault.Kept one = vault.keep("transport", id, DOCUMENT);
        Vault.Kept other = vault.keep("transport", id, DOCUMENT);
        assertNotEquals(one.blob(), other.blob());
        assertEquals(44, one.wrappedKey().length);
        assertEquals(1, ByteBuffer.wrap(one.wrappedKey()).getInt());
        Cipher unwrap = Cipher.getInstance("AESWrap");
        unwrap.init(
                Cipher.UNWRAP_MODE,
                new SecretKeySpec(Files.readAllBytes(folder.resolve("keys/agency/transport/documents.aes")), "AES"));
        unwrap.unwrap(java.util.Arrays.copyOfRange(one.wrappedKey(), 4, 44), "AES", Cipher.SECRET_KEY);
    }

    @Test
    void a_new_version_wraps_what_comes_and_a_destroyed_one_opens_nothing() {
        Vault.Kept old = vault.keep("transport", id, DOCUMENT);
        keys.create("transport", 2);
        Vault.Kept fresh = vault.keep("transport", id, DOCUMENT);
        assertEquals(2, ByteBuffer.wrap(fresh.wrappedKey()).getInt());
        byte[] rewrapped = keys.wrap("transport", keys.unwrap("transport", old.wrappedKey()));
        keys.destroy("transport", 1);
        assertThrows(IllegalStateException.class, () -> vault.read("transport", id, old));
        assertArrayEquals(DOCUMENT, vault.read("transport", id, new Vault.Kept(old.blob(), rewrapped)));
        assertEquals(2, keys.current("transport"));
    }

    @Test
    void documents_of_before_segments_are_still_read() throws Exception {
        byte[] key = new byte[32];
        byte[] blob = new byte[12 + DOCUMENT.length + 16];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, blob, 0, 12));
        cipher.updateAAD(id.toString().getBytes(UTF_8));
        cipher.doFinal(DOCUMENT, 0, DOCUMENT.length, blob, 12);
        String name =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
        blobs.put(name, Files.write(folder.resolve("old"), blob));
        byte[] wrapped = keys.wrap("transport", new SecretKeySpec(key, "AES"));
        assertArrayEquals(DOCUMENT, vault.read("transport", id, new Vault.Kept(name, wrapped)));
    }
}
