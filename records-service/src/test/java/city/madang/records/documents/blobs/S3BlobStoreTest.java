package city.madang.records.documents.blobs;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Against an S3 server in this JVM that checks signatures and checksums; a bucket for each test. */
class S3BlobStoreTest extends BlobStoreContract {

    private static final String KEY = "records";
    private static final String SECRET = "not-a-secret-of-anyone";

    private static S3Proxy server;
    private static int bucket;

    private S3BlobStore store;

    @BeforeAll
    static void serve() throws Exception {
        server = S3Proxy.builder()
                .blobStore(BlobStores.create("transient", new Properties()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .ignoreUnknownHeaders(true)
                .build();
        server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @BeforeEach
    void connect() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        String name = "records-" + bucket++;
        try (S3Client maker = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .build()) {
            maker.createBucket(request -> request.bucket(name));
        }
        store = S3BlobStore.connect(endpoint, "us-east-1", name, KEY, SECRET, true);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    BlobStore store() {
        return store;
    }

    /** Half of the bytes under the name of the whole: the store itself refuses what has not the announced checksum. */
    @Override
    void putThatIsCut(String name, Path file) throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
        store.put(name, file);
    }
}
