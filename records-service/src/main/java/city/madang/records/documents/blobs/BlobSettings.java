package city.madang.records.documents.blobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where encrypted documents are kept. */
@ConfigMapping(prefix = "madang.blobs")
public interface BlobSettings {

    enum Store {
        FOLDER,
        S3
    }

    /** {@code folder}: {@code blobs/} of the data folder; {@code s3}: a bucket. */
    @WithDefault("folder")
    Store store();

    S3 s3();

    interface S3 {

        /** Absent: Amazon's own of the region. */
        Optional<URI> endpoint();

        /** Of the bucket; other makers' stores mostly take any. */
        @WithDefault("us-east-1")
        String region();

        /** Must exist, private, without versioning. */
        @WithDefault("madang-records")
        String bucket();

        /** Absent: the credentials of the environment, by the usual order of Amazon's clients. */
        Optional<String> accessKey();

        /** Given where {@code access-key} is. */
        Optional<String> secretKey();

        /** Bucket in the path; switch it off for Amazon's own. */
        @WithDefault("true")
        boolean pathStyle();
    }
}
