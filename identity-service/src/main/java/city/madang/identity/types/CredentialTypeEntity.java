package city.madang.identity.types;

import city.madang.identity.language.LocalText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;

@Entity
@Table(name = "credential_type")
class CredentialTypeEntity {
    @Id
    String id;

    String agency;

    @Column(name = "vct_name")
    String vctName;

    String display;
    String claims;

    @Column(name = "validity_days")
    int validityDays;

    CredentialType toType() {
        List<CredentialType.Claim> declared = new JsonArray(claims)
                .stream()
                        .map(JsonObject.class::cast)
                        .map(claim ->
                                new CredentialType.Claim(claim.getString("name"), text(claim.getJsonObject("label"))))
                        .toList();
        return new CredentialType(id, agency, vctName, text(new JsonObject(display)), declared, validityDays);
    }

    void take(CredentialType type) {
        display = json(type.display()).encode();
        JsonArray declared = new JsonArray();
        for (CredentialType.Claim claim : type.claims()) {
            declared.add(new JsonObject().put("name", claim.name()).put("label", json(claim.label())));
        }
        claims = declared.encode();
        validityDays = type.validityDays();
    }

    static LocalText text(JsonObject json) {
        return new LocalText(json.getString("ko"), json.getString("en"));
    }

    private static JsonObject json(LocalText text) {
        return new JsonObject().put("ko", text.ko()).put("en", text.en());
    }
}
