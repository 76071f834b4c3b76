package city.madang.records.documents;

/** Where encrypted documents lie, named by the SHA-256 of their bytes. Blocking. */
public interface BlobStore {

    /** Stores and names the bytes (hex); durable when this returns, harmless when repeated. */
    String put(byte[] bytes);

    /** @throws IllegalStateException if the blob is gone or was altered */
    byte[] get(String name);
}
