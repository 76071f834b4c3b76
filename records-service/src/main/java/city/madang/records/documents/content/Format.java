package city.madang.records.documents.content;

import java.util.Arrays;
import java.util.Optional;

/** The formats that are taken, each with the check that it must pass whole. */
public enum Format {
    PDF("application/pdf", "pdf", Format.GIGABYTE),
    JSON("application/json", "json", Format.TEXT_BYTES),
    XML("application/xml", "xml", Format.TEXT_BYTES),
    TEXT("text/plain", "txt", Format.TEXT_BYTES),
    CSV("text/csv", "csv", Format.TEXT_BYTES),
    PNG("image/png", "png", Format.IMAGE_BYTES),
    JPEG("image/jpeg", "jpg", Format.IMAGE_BYTES),
    ZIP("application/zip", "zip", Format.GIGABYTE),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", Format.GIGABYTE),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", Format.GIGABYTE),
    PPTX("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx", Format.GIGABYTE),
    ODT("application/vnd.oasis.opendocument.text", "odt", Format.GIGABYTE),
    HWPX("application/hwp+zip", "hwpx", Format.GIGABYTE);

    /** The largest document of all. */
    public static final long GIGABYTE = 1L << 30;

    private static final long IMAGE_BYTES = 256L << 20;
    private static final long TEXT_BYTES = 64L << 20;

    private final String mediaType;
    private final String extension;
    private final long mostBytes;

    Format(String mediaType, String extension, long mostBytes) {
        this.mediaType = mediaType;
        this.extension = extension;
        this.mostBytes = mostBytes;
    }

    public static Optional<Format> of(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(mediaType))
                .findFirst();
    }

    public String mediaType() {
        return mediaType;
    }

    /** Without the dot. */
    public String extension() {
        return extension;
    }

    public long mostBytes() {
        return mostBytes;
    }
}
