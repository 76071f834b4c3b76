package city.madang.identity.offers;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The Credential Offer object (OpenID4VCI 1.0 §4.1.1), the same by value and by reference; {@link OfferDocument} describes it. */
public final class CredentialOffer {

    /** The grant's name (OpenID4VCI 1.0 §4.1.1). */
    public static final String PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

    /** The grant with which the wallet brings {@code issuer_state} to the authorization server. */
    public static final String AUTHORIZATION_CODE = "authorization_code";

    private CredentialOffer() {}

    /** The object, with the grants that the offer names. */
    static JsonObject of(String issuer, Offers.Redeemable offer) {
        JsonObject grants = new JsonObject();
        if (offer.issuerState() != null) {
            grants.put(AUTHORIZATION_CODE, new JsonObject().put("issuer_state", offer.issuerState()));
        }
        if (offer.code() != null) {
            JsonObject txCode = new JsonObject()
                    .put("input_mode", "numeric")
                    .put("length", OfferSecrets.TX_CODE_DIGITS)
                    .put("description", "Shown where the offer was announced");
            grants.put(
                    PRE_AUTHORIZED_CODE,
                    new JsonObject().put("pre-authorized_code", offer.code()).put("tx_code", txCode));
        }
        return new JsonObject()
                .put("credential_issuer", issuer)
                .put("credential_configuration_ids", JsonArray.of(offer.credentialType()))
                .put("grants", grants);
    }
}
