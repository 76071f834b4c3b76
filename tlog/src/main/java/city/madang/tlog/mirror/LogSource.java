package city.madang.tlog.mirror;

import java.io.IOException;
import java.util.Optional;

/** Where a log's resources come from (C2SP tlog-tiles, "APIs"). Thread-safe. */
interface LogSource {

    /** No resource of a log is longer: a bundle of 256 entries of 65,535 bytes, each with its length. */
    int LONGEST = 256 * (2 + 0xffff);

    /**
     * @param path below the log's prefix, without a slash at its beginning
     * @return empty if there is none
     * @throws IOException if it cannot be had
     */
    Optional<byte[]> read(String path) throws IOException;
}
