package city.madang.records.documents.content;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** Images end where they say, hold nothing behind their end, and do not unfold to more than a large scan. */
final class ImageScan {

    private static final long MOST_PIXELS = 400_000_000L;
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454e44;

    private ImageScan() {}

    /** PNG (W3C, third edition), chunk by chunk with their checksums. */
    static void png(InputStream in) throws IOException, Refused {
        try {
            DataInputStream data = new DataInputStream(in);
            data.skipNBytes(8);
            byte[] buffer = new byte[8_192];
            boolean first = true;
            while (true) {
                long left = Integer.toUnsignedLong(data.readInt());
                byte[] type = data.readNBytes(4);
                int name = type.length < 4 ? 0 : java.nio.ByteBuffer.wrap(type).getInt();
                if (left > Integer.MAX_VALUE || first != (name == IHDR)) {
                    throw new Refused("it is not a PNG image");
                }
                CRC32 crc = new CRC32();
                crc.update(type);
                if (first) {
                    byte[] header = data.readNBytes((int) Math.min(left, 13));
                    crc.update(header);
                    left -= header.length;
                    if (header.length < 13) {
                        throw new Refused("it is not a PNG image");
                    }
                    refuseHuge(
                            java.nio.ByteBuffer.wrap(header).getInt(0),
                            java.nio.ByteBuffer.wrap(header).getInt(4));
                    first = false;
                }
                while (left > 0) {
                    int read = data.read(buffer, 0, (int) Math.min(left, buffer.length));
                    if (read < 0) {
                        throw new EOFException();
                    }
                    crc.update(buffer, 0, read);
                    left -= read;
                }
                if ((int) crc.getValue() != data.readInt()) {
                    throw new Refused("a part of the PNG image is damaged");
                }
                if (name == IEND) {
                    return;
                }
            }
        } catch (EOFException cut) {
            throw new Refused("the PNG image is cut off");
        }
    }

    /** JPEG (ITU-T T.81 annex B): markers up to the scan, then to the end of the image, which is the end of the file. */
    static void jpeg(InputStream in) throws IOException, Refused {
        try {
            DataInputStream data = new DataInputStream(in);
            data.skipNBytes(2);
            boolean sized = false;
            while (true) {
                int marker = data.readUnsignedShort();
                if (marker < 0xff01 || (marker >= 0xffd0 && marker <= 0xffd9)) {
                    throw new Refused("it is not a JPEG image");
                }
                int length = data.readUnsignedShort() - 2;
                if (length < 0) {
                    throw new Refused("it is not a JPEG image");
                }
                boolean frame = marker >= 0xffc0
                        && marker <= 0xffcf
                        && marker != 0xffc4
                        && marker != 0xffc8
                        && marker != 0xffcc;
                if (frame && length >= 5) {
                    data.skipNBytes(1);
                    int height = data.readUnsignedShort();
                    refuseHuge(data.readUnsignedShort(), height);
                    data.skipNBytes(length - 5L);
                    sized = true;
                } else {
                    data.skipNBytes(length);
                }
                if (marker == 0xffda) {
                    break;
                }
            }
            int last = 0;
            byte[] buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    last = (last << 8 | (buffer[i] & 0xff)) & 0xffff;
                }
            }
            if (!sized || last != 0xffd9) {
                throw new Refused("the JPEG image is cut off, or something follows after it");
            }
        } catch (EOFException cut) {
            throw new Refused("the JPEG image is cut off");
        }
    }

    private static void refuseHuge(int width, int height) throws Refused {
        if (width <= 0 || height <= 0 || (long) width * height > MOST_PIXELS) {
            throw new Refused("the image has no pixels or too many");
        }
    }
}
