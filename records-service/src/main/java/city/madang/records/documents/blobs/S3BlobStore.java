package city.madang.records.documents.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Blobs as objects of one bucket, under their names. An object is put in one request with its SHA-256, which the store checks
 * before the object is there; versioning of the bucket must be off, or a shredded document's ciphertext stays behind.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {

    private final S3Client s3;
    private final String bucket;

    S3BlobStore(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * @param endpoint null for Amazon's own
     * @param accessKey null for the credentials of the environment (web identity, instance)
     * @param pathStyle bucket in the path and not in the host's name, as most stores outside Amazon want it
     */
    public static S3BlobStore connect(
            @Nullable URI endpoint,
            String region,
            String bucket,
            @Nullable String accessKey,
            @Nullable String secretKey,
            boolean pathStyle) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(region))
                .forcePathStyle(pathStyle)
                .credentialsProvider(
                        accessKey == null || secretKey == null
                                ? DefaultCredentialsProvider.builder().build()
                                : StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return new S3BlobStore(builder.build(), bucket);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        String sha256 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(BlobName.checked(name)));
        asking(() -> s3.putObject(
                request -> request.bucket(bucket).key(name).checksumSHA256(sha256), RequestBody.fromFile(file)));
    }

    @Override
    public InputStream open(String name) throws IOException {
        BlobName.checked(name);
        try {
            return asking(() -> s3.getObject(request -> request.bucket(bucket).key(name)));
        } catch (IOException failed) {
            if (failed.getCause() instanceof NoSuchKeyException) {
                throw new NoSuchFileException(name);
            }
            throw failed;
        }
    }

    @Override
    public void delete(String name) throws IOException {
        BlobName.checked(name);
        asking(() -> s3.deleteObject(request -> request.bucket(bucket).key(name)));
    }

    private static <T> T asking(Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException failed) {
            throw new IOException("the object store did not do as asked: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
