package city.madang.records.paper;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * What a record says of itself on paper.
 *
 * @param verifyUrl where anyone checks the record; also in the QR code
 */
public record Face(
        String titleKo,
        String titleEn,
        String agencyKo,
        String agencyEn,
        String record,
        LocalDate issued,
        LocalDate validUntil,
        String verifyUrl,
        List<RecordTemplate.Line> lines) {

    Map<String, String> values() {
        return Map.of(
                "title.ko", titleKo,
                "title.en", titleEn,
                "agency.ko", agencyKo,
                "agency.en", agencyEn,
                "record", record,
                "issued", issued.toString(),
                "valid_until", validUntil.toString(),
                "verify", verifyUrl);
    }
}
