package city.madang.records.access;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why a record is read, as the citizen will see it, in Korean and English.
 *
 * @param breakGlass the reader has no ordinary right and says what emergency it is
 */
public record Grounds(
        String purposeKo,
        String purposeEn,
        String basisKo,
        String basisEn,
        boolean breakGlass,
        @Nullable UUID delegation) {

    /** Personal Information Protection Act (Korea), article 35: access to one's own data. */
    static final Grounds OWN = new Grounds(
            "본인 열람",
            "The person's own reading",
            "개인정보 보호법 제35조",
            "Personal Information Protection Act, article 35",
            false,
            null);

    /** The same, article 38: through a representative. */
    static Grounds delegated(UUID delegation) {
        return new Grounds(
                "위임받은 사람의 열람",
                "Read by a person whom the owner let read",
                "개인정보 보호법 제38조",
                "Personal Information Protection Act, article 38",
                false,
                delegation);
    }
}
