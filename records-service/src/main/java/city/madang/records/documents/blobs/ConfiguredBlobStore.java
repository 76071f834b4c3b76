package city.madang.records.documents.blobs;

import city.madang.records.RecordsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The store that the operator chose. */
@ApplicationScoped
public class ConfiguredBlobStore {

    @Produces
    @Singleton
    BlobStore store(BlobSettings settings, RecordsConfig config) {
        BlobSettings.S3 s3 = settings.s3();
        return switch (settings.store()) {
            case FOLDER -> new FolderBlobStore(config.dataDir().resolve("blobs"));
            case S3 ->
                S3BlobStore.connect(
                        s3.endpoint().orElse(null),
                        s3.region(),
                        s3.bucket(),
                        s3.accessKey().orElse(null),
                        s3.secretKey().orElse(null),
                        s3.pathStyle());
        };
    }
}
