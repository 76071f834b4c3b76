package city.madang.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import eu.europa.ec.eudi.openid4vci.AccessTokenOption;
import eu.europa.ec.eudi.openid4vci.AuthorizationRequestPrepared;
import eu.europa.ec.eudi.openid4vci.AuthorizeIssuanceConfig;
import eu.europa.ec.eudi.openid4vci.AuthorizedRequest;
import eu.europa.ec.eudi.openid4vci.Client;
import eu.europa.ec.eudi.openid4vci.ClientAttestationJWT;
import eu.europa.ec.eudi.openid4vci.ClientAttestationPoPBuilder;
import eu.europa.ec.eudi.openid4vci.ClientAttestationPoPJWTSpec;
import eu.europa.ec.eudi.openid4vci.Credential;
import eu.europa.ec.eudi.openid4vci.CredentialConfigurationIdentifier;
import eu.europa.ec.eudi.openid4vci.CredentialIdentifier;
import eu.europa.ec.eudi.openid4vci.CredentialIssuanceEvent;
import eu.europa.ec.eudi.openid4vci.CredentialResponseEncryptionPolicy;
import eu.europa.ec.eudi.openid4vci.DeferredCredentialQueryOutcome;
import eu.europa.ec.eudi.openid4vci.IssuanceRequestPayload;
import eu.europa.ec.eudi.openid4vci.IssuedCredential;
import eu.europa.ec.eudi.openid4vci.Issuer;
import eu.europa.ec.eudi.openid4vci.IssuerMetadataPolicy;
import eu.europa.ec.eudi.openid4vci.JwtBindingKey;
import eu.europa.ec.eudi.openid4vci.KeyGenerationConfig;
import eu.europa.ec.eudi.openid4vci.OpenId4VCIConfig;
import eu.europa.ec.eudi.openid4vci.ParUsage;
import eu.europa.ec.eudi.openid4vci.PopSigner;
import eu.europa.ec.eudi.openid4vci.SubmissionOutcome;
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps;
import eu.europa.ec.eudi.sdjwt.SdJwt;
import eu.europa.ec.eudi.sdjwt.vc.X509CertificateTrust;
import io.ktor.client.HttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kotlin.Pair;
import kotlin.jvm.functions.Function0;
import kotlin.jvm.functions.Function2;
import kotlin.time.DurationKt;
import kotlin.time.DurationUnit;
import org.jspecify.annotations.Nullable;

/**
 * A wallet around two libraries of the European reference wallet, for issuance and for SD-JWT VCs. The first is of draft 15 of OpenID4VCI:
 * one key alone it proves with {@code proof}, which the standard no longer has, so that it asks for batches; and it knows no encrypted
 * request, without which no answer is encrypted.
 */
final class EudiWallet {

    record Issued(AuthorizedRequest grant, List<String> copies, String notification) {}

    /** What an agency has to decide on first. */
    record Promised(AuthorizedRequest grant, String transaction) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLIENT = "eudi-wallet";
    private static final String CALLBACK = "https://wallet.example/eudi";
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");

    private final Portal portal;
    private final Function0<HttpClient> http;
    private final CitizensBrowser browser;
    private final AuthorizeIssuanceConfig how;
    private final Client client;
    private final ECKey instance = key();
    private final ECKey sender = key();
    private @Nullable Issuer issuer;

    /** @param how whether scopes or {@code authorization_details} say what is wanted */
    EudiWallet(Portal portal, AuthorizeIssuanceConfig how) {
        this.portal = portal;
        this.how = how;
        http = new OthersHttp(portal.city())::client;
        browser = new CitizensBrowser(portal);
        client = new Client.Attested(
                new ClientAttestationJWT(attestation()),
                Kotlin.make(
                        ClientAttestationPoPJWTSpec.class,
                        JWSAlgorithm.ES256,
                        DurationKt.toDuration(1, DurationUnit.MINUTES),
                        ClientAttestationPoPJWTSpec.TYPE,
                        signer(instance)));
    }

    /** Takes an offer of which the holder was told the transaction code. */
    AuthorizedRequest redeem(String offer, String transactionCode) {
        open(offer);
        return Kotlin.orThrow(Kotlin.await(
                issuer(),
                "authorizeWithPreAuthorizationCode",
                transactionCode,
                AccessTokenOption.AsRequested.INSTANCE));
    }

    /** Takes an offer, or what a link without one asks for, after its holder has signed in. */
    AuthorizedRequest redeemAs(String user, String offer) {
        open(offer);
        AuthorizationRequestPrepared prepared =
                Kotlin.orThrow(Kotlin.await(issuer(), "prepareAuthorizationRequest", new Object[] {null}));
        String page = Kotlin.call(prepared, "getAuthorizationCodeURL").toString();
        String back = browser.signIn(page, user, CALLBACK);
        return Kotlin.orThrow(Kotlin.await(
                issuer(),
                "authorizeWithAuthorizationCode",
                prepared,
                found(CODE, back),
                found(STATE, back),
                AccessTokenOption.AsRequested.INSTANCE));
    }

    /** Fetches copies of a credential that was granted. */
    Issued fetch(AuthorizedRequest grant, String type, int copies) {
        Pair<AuthorizedRequest, SubmissionOutcome> answer = ask(grant, type, copies);
        if (answer.getSecond() instanceof SubmissionOutcome.Success success) {
            return new Issued(
                    answer.getFirst(), texts(success.getCredentials()), Kotlin.call(success, "getNotificationId"));
        }
        throw new JourneyFailed("EUDI's wallet got no " + type + ": " + answer.getSecond());
    }

    Promised fetchLater(AuthorizedRequest grant, String type, int copies) {
        Pair<AuthorizedRequest, SubmissionOutcome> answer = ask(grant, type, copies);
        if (answer.getSecond() instanceof SubmissionOutcome.Deferred deferred) {
            return new Promised(answer.getFirst(), Kotlin.call(deferred, "getTransactionId"));
        }
        throw new JourneyFailed("EUDI's wallet was not told to wait for " + type + ": " + answer.getSecond());
    }

    /** Collects what was promised, with an access token that has ended and must be renewed first. */
    List<String> collect(Promised promised) {
        AuthorizedRequest grant = promised.grant();
        AuthorizedRequest old = Kotlin.call(
                grant,
                "copy",
                grant.getAccessToken(),
                Kotlin.call(grant, "getRefreshToken"),
                grant.getCredentialIdentifiers(),
                Instant.now().minus(Duration.ofDays(1)),
                Kotlin.call(grant, "getAuthorizationServerDpopNonce"),
                Kotlin.call(grant, "getResourceServerDpopNonce"),
                grant.getGrant());
        Pair<AuthorizedRequest, DeferredCredentialQueryOutcome> answer =
                Kotlin.orThrow(Kotlin.await(issuer(), "queryForDeferredCredential", old, promised.transaction()));
        if (answer.getSecond() instanceof DeferredCredentialQueryOutcome.Issued issued) {
            return texts(issued.getCredentials());
        }
        throw new JourneyFailed("EUDI's wallet collected nothing: " + answer.getSecond());
    }

    /** Tells the issuer that a credential has arrived. */
    void accept(Issued issued) {
        Kotlin.orThrow(Kotlin.await(
                issuer(),
                "notify",
                issued.grant(),
                Kotlin.make(CredentialIssuanceEvent.Accepted.class, issued.notification(), null)));
    }

    /** The claims of an SD-JWT VC, after its signature, its certificate's path to the city's root and its disclosures were verified. */
    JsonNode verified(String sdJwt) {
        X509CertificateTrust trust = (chain, then) -> leadsToTheRoot(chain);
        SdJwt<SignedJWT> verified = Kotlin.orThrow(
                Kotlin.await(NimbusSdJwtOps.INSTANCE.getSdJwtVcVerifier().usingX5c(trust), "verify", sdJwt));
        String claims = NimbusSdJwtOps.INSTANCE
                .recreateClaimsAndDisclosuresPerClaim(verified)
                .getFirst()
                .toString();
        try {
            return JSON.readTree(claims);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private boolean leadsToTheRoot(List<? extends X509Certificate> chain) {
        try {
            X509Certificate root =
                    X509CertUtils.parse(Files.readString(portal.city().rootCertificate()));
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
            return true;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (GeneralSecurityException elsewhere) {
            return false;
        }
    }

    private Pair<AuthorizedRequest, SubmissionOutcome> ask(AuthorizedRequest grant, String type, int copies) {
        List<PopSigner> keys = new ArrayList<>();
        for (int i = 0; i < copies; i++) {
            keys.add(popSigner(key()));
        }
        return Kotlin.orThrow(Kotlin.await(issuer(), "request", grant, payload(grant, type), keys));
    }

    /** By the identifier that the token came with, where it came with one. */
    private static IssuanceRequestPayload payload(AuthorizedRequest grant, String type) {
        Map<CredentialConfigurationIdentifier, List<CredentialIdentifier>> named = grant.getCredentialIdentifiers();
        List<CredentialIdentifier> identifiers =
                named == null ? null : named.get(Kotlin.boxed(CredentialConfigurationIdentifier.class, type));
        return identifiers == null
                ? Kotlin.make(IssuanceRequestPayload.ConfigurationBased.class, type)
                : Kotlin.make(
                        IssuanceRequestPayload.IdentifierBased.class,
                        type,
                        identifiers.getFirst().toString());
    }

    private static List<String> texts(List<IssuedCredential> credentials) {
        return credentials.stream()
                .map(each -> Kotlin.<String>call((Credential.Str) each.getCredential(), "unbox-impl"))
                .toList();
    }

    private Issuer issuer() {
        if (issuer == null) {
            throw new IllegalStateException("no offer was opened");
        }
        return issuer;
    }

    private void open(String offer) {
        OpenId4VCIConfig config = new OpenId4VCIConfig(
                client,
                URI.create(CALLBACK),
                KeyGenerationConfig.Companion.ecOnly(Curve.P_256, List.of()),
                CredentialResponseEncryptionPolicy.SUPPORTED,
                how,
                popSigner(sender),
                provesWithChallenges(),
                ParUsage.Required,
                Clock.systemUTC(),
                IssuerMetadataPolicy.IgnoreSigned.INSTANCE);
        Function2<Object, Object, Object> unencrypted = (methods, keys) -> null;
        issuer = Kotlin.orThrow(Kotlin.await(Issuer.Companion, "make", config, offer, http, unencrypted));
    }

    /** What the library leaves to its wallet: the proof of the attested key, with a challenge of the city's. */
    private ClientAttestationPoPBuilder provesWithChallenges() {
        return (ClientAttestationPoPBuilder) Proxy.newProxyInstance(
                EudiWallet.class.getClassLoader(),
                new Class<?>[] {ClientAttestationPoPBuilder.class},
                (proxy, method, arguments) -> signed(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(new JOSEObjectType(ClientAttestationPoPJWTSpec.TYPE))
                                .build(),
                        new JWTClaimsSet.Builder()
                                .issuer(CLIENT)
                                .audience(arguments[2].toString())
                                .jwtID(UUID.randomUUID().toString())
                                .issueTime(new Date())
                                .claim("challenge", challenge())
                                .build(),
                        instance));
    }

    private String challenge() {
        return portal.postBytes("/identity/challenge", "application/x-www-form-urlencoded", new byte[0])
                .orFail("a challenge")
                .json()
                .path("attestation_challenge")
                .asText();
    }

    /** By the development city's provider of wallets. */
    private SignedJWT attestation() {
        Path folder = portal.city().walletProvider();
        try {
            var certificate = X509CertUtils.parse(Files.readString(folder.resolve("wallet-provider.pem")));
            ECKey provider = new ECKey.Builder(ECKey.parse(certificate))
                    .privateKey(privateKey(Files.readString(folder.resolve("wallet-provider.key"))))
                    .build();
            return signed(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType("oauth-client-attestation+jwt"))
                            .x509CertChain(List.of(Base64.encode(certificate.getEncoded())))
                            .build(),
                    new JWTClaimsSet.Builder()
                            .issuer("https://wallet.example")
                            .subject(CLIENT)
                            .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
                            .claim("cnf", Map.of("jwk", instance.toPublicJWK().toJSONObject()))
                            .build(),
                    provider);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (JOSEException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static PrivateKey privateKey(String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(
                            java.util.Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static SignedJWT signed(JWSHeader header, JWTClaimsSet claims, ECKey key) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(signer(key));
            return jwt;
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static PopSigner.Jwt popSigner(ECKey key) {
        return PopSigner.Companion.jwtPopSigner(
                key, JWSAlgorithm.ES256, (JwtBindingKey) Kotlin.boxed(JwtBindingKey.Jwk.class, key.toPublicJWK()));
    }

    private static ECDSASigner signer(ECKey key) {
        try {
            return new ECDSASigner(key);
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String found(Pattern parameter, String address) {
        Matcher found = parameter.matcher(address);
        if (!found.find()) {
            throw new JourneyFailed("the wallet was called back without " + parameter.pattern());
        }
        return found.group(1);
    }
}
