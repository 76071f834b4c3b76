package city.madang.identity.offers;

import city.madang.identity.jose.Secrets;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The Credential Offer object (OpenID4VCI 1.0 §4.1.1), the same by value and by reference. */
public final class CredentialOffer {

    /** The grant's name (OpenID4VCI 1.0 §4.1.1). */
    public static final String PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

    private CredentialOffer() {}

    /** @param code the pre-authorized code, with which a transaction code must be given */
    static JsonObject of(String issuer, String credentialType, String code) {
        JsonObject txCode = new JsonObject()
                .put("input_mode", "numeric")
                .put("length", Secrets.TX_CODE_DIGITS)
                .put("description", "Shown where the offer was announced");
        JsonObject grant = new JsonObject().put("pre-authorized_code", code).put("tx_code", txCode);
        return new JsonObject()
                .put("credential_issuer", issuer)
                .put("credential_configuration_ids", JsonArray.of(credentialType))
                .put("grants", new JsonObject().put(PRE_AUTHORIZED_CODE, grant));
    }
}
