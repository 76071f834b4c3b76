package city.madang.journey;

import io.ktor.client.HttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.CoroutineContext.Element.DefaultImpls;
import kotlin.jvm.JvmClassMappingKt;
import kotlin.jvm.functions.Function1;
import kotlin.jvm.functions.Function2;
import kotlin.reflect.KClass;
import kotlin.time.Clock;
import kotlin.time.DurationKt;
import kotlin.time.DurationUnit;
import kotlinx.coroutines.CoroutineScope;
import kotlinx.coroutines.CoroutineScopeKt;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.Dispatchers;
import org.jspecify.annotations.Nullable;
import org.multipaz.credential.Credential;
import org.multipaz.crypto.Algorithm;
import org.multipaz.crypto.AsymmetricKey;
import org.multipaz.crypto.EcPrivateKey;
import org.multipaz.crypto.X509Cert;
import org.multipaz.crypto.X509CertChain;
import org.multipaz.document.Document;
import org.multipaz.document.DocumentStore;
import org.multipaz.documenttype.DocumentTypeRepository;
import org.multipaz.documenttype.TransactionType;
import org.multipaz.presentment.FaceMatchingMode;
import org.multipaz.presentment.PresentmentSource;
import org.multipaz.presentment.SimplePresentmentSource;
import org.multipaz.presentment.UriSchemePresentmentKt;
import org.multipaz.prompt.PromptModel;
import org.multipaz.prompt.ShowConsentPromptKt;
import org.multipaz.provisioning.AuthorizationChallenge;
import org.multipaz.provisioning.AuthorizationResponse;
import org.multipaz.provisioning.CredentialKeyAttestation;
import org.multipaz.provisioning.DocumentProvisioningHandler;
import org.multipaz.provisioning.DocumentProvisioningSettings;
import org.multipaz.provisioning.Provisioning;
import org.multipaz.provisioning.ProvisioningClient;
import org.multipaz.provisioning.ProvisioningModel;
import org.multipaz.provisioning.openid4vci.OpenID4VCI;
import org.multipaz.provisioning.openid4vci.OpenID4VCIBackend;
import org.multipaz.provisioning.openid4vci.OpenID4VCIBackendUtil;
import org.multipaz.provisioning.openid4vci.OpenID4VCIClientPreferences;
import org.multipaz.request.Requester;
import org.multipaz.request.RequesterIdentity;
import org.multipaz.request.TrustedRequesterIdentity;
import org.multipaz.revocation.CachingRevocationChecker;
import org.multipaz.revocation.RevocationCheckResult;
import org.multipaz.revocation.RevocationCheckState;
import org.multipaz.revocation.RevocationCheckerKt;
import org.multipaz.rpc.backend.BackendEnvironment;
import org.multipaz.securearea.KeyAttestation;
import org.multipaz.securearea.SecureAreaProvider;
import org.multipaz.securearea.SecureAreaRepository;
import org.multipaz.securearea.software.SoftwareSecureArea;
import org.multipaz.storage.Storage;
import org.multipaz.storage.ephemeral.EphemeralStorage;
import org.multipaz.trustmanagement.TrustManager;
import org.multipaz.trustmanagement.TrustMetadata;
import org.multipaz.trustmanagement.TrustResult;
import org.multipaz.util.Logger;
import org.multipaz.validation.ValidationFinding;
import org.multipaz.validation.ValidationResult;

/** A wallet of Multipaz's parts, as its own applications put them together: keys and documents in memory, consent without asking. */
final class MultipazWallet {

    /** How many it fetches at once. */
    static final int COPIES = 3;

    /** The only type of transaction data that it knows. */
    static final String CONSENT = "city.madang.consent";

    private static final String CLIENT = "multipaz-wallet";
    private static final String CALLBACK = "https://wallet.example/multipaz";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final OthersHttp http;
    private final CitizensBrowser browser;
    private final Storage storage = new EphemeralStorage();
    private final SoftwareSecureArea keys;
    private final DocumentStore documents;
    private final ProvisioningModel provisioning;
    private final OpenID4VCIBackend provider;
    private final TrustManager trusted = new TrustManager(storage, "city", "city");
    private final OpenID4VCIClientPreferences preferences = new OpenID4VCIClientPreferences(
            CLIENT, CALLBACK, List.of("en"), List.of(Algorithm.ESP256, Algorithm.ES256));

    MultipazWallet(Portal portal) {
        Logger.INSTANCE.setLogPrinter((level, tag, message, thrown) -> {});
        http = new OthersHttp(portal.city());
        browser = new CitizensBrowser(portal);
        keys = Kotlin.await(then -> SoftwareSecureArea.Companion.create(storage, then));
        documents = new DocumentStore.Builder(
                        storage, new SecureAreaRepository.Builder().add(keys).build())
                .build();
        provisioning = new ProvisioningModel(
                new DocumentProvisioningHandler(keys, documents, null, settings(), null),
                http.client(),
                new NoPrompts(),
                keys,
                null);
        provider = new Provider(portal.city().walletProvider());
        trust(read(portal.city().rootCertificate()));
        trust(portal.fetch("/identity/iaca", null).text());
    }

    /** Takes an offer after its holder has signed in. */
    Document receiveAs(String user, String offer) {
        return provisioned(null, then -> OpenID4VCI.INSTANCE.createClientFromOffer(offer, preferences, then), user);
    }

    /** Takes an offer with the transaction code that its holder was shown. */
    Document receive(String offer, String txCode) {
        return receiveAs(txCode, offer);
    }

    /** Asks the issuer for a credential, and has its holder sign in. */
    Document requestAs(String user, String issuer, String type) {
        return provisioned(
                null, then -> OpenID4VCI.INSTANCE.createClientCredentialId(issuer, type, preferences, then), user);
    }

    /** Fetches new copies in place of those that have been shown, by refresh token. */
    void renew(Document document) {
        provisioned(
                document,
                then -> Provisioning.INSTANCE.createClientFromAuthorizationData(document.getAuthorizationData(), then),
                "");
    }

    /** Shows what is asked for to whoever is trusted; answers where the browser is to go. */
    @Nullable
    String present(String request) {
        return Kotlin.await(then -> UriSchemePresentmentKt.uriSchemePresentment(
                consenting(), request, null, null, http, inFocus -> Unit.INSTANCE, then));
    }

    List<Credential> copies(Document document) {
        return Kotlin.await(then -> document.getCertifiedCredentials(then));
    }

    /** What this wallet has against a credential, by the standards of its format. */
    List<String> findings(Credential copy) {
        ValidationResult result = Kotlin.await(then -> copy.validate(Clock.System.INSTANCE.now(), then));
        return result.getFindings().stream().map(ValidationFinding::getMessage).toList();
    }

    /** How its status list says that a credential stands; the list is fetched anew, and its signature must lead to a root. */
    RevocationCheckState status(Credential copy, boolean asJwt) {
        CachingRevocationChecker checker = Kotlin.make(
                CachingRevocationChecker.class,
                storage,
                http.client(),
                DurationKt.toDuration(10, DurationUnit.SECONDS),
                DurationKt.toDuration(1, DurationUnit.DAYS),
                true,
                true);
        RevocationCheckResult result = Kotlin.await(then -> RevocationCheckerKt.check(
                checker, copy, trusted, true, Clock.System.INSTANCE.now(), true, asJwt, then));
        if (result.getError() != null) {
            throw new JourneyFailed("Multipaz takes no status list: " + result.getError());
        }
        return result.getState();
    }

    private Document provisioned(
            @Nullable Document into, Function1<Continuation<? super ProvisioningClient>, Object> from, String answer) {
        Deferred<Document> launched =
                provisioning.launch(Dispatchers.getDefault().plus(new Surroundings()), into, null, from);
        Instant deadline = Instant.now().plus(LONGEST);
        @Nullable Object answered = null;
        while (!launched.isCompleted() && Instant.now().isBefore(deadline)) {
            if (provisioning.getState().getValue() instanceof ProvisioningModel.Authorizing asking
                    && asking != answered) {
                answered = asking;
                AuthorizationResponse response =
                        answer(asking.getAuthorizationChallenges().getFirst(), answer);
                Kotlin.await(then -> provisioning.provideAuthorizationResponse(response, then));
            }
            pause();
        }
        return Kotlin.await(then -> launched.await(then));
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    /** @param with who signs in, or the transaction code */
    private AuthorizationResponse answer(AuthorizationChallenge challenge, String with) {
        if (challenge instanceof AuthorizationChallenge.SecretText code) {
            return new AuthorizationResponse.SecretText(code.getId(), with);
        }
        if (challenge instanceof AuthorizationChallenge.OAuth page) {
            return new AuthorizationResponse.OAuth(page.getId(), browser.signIn(page.getUrl(), with, CALLBACK));
        }
        throw new JourneyFailed("Multipaz asks for " + challenge);
    }

    /** Its own defaults, but for keys that need no finger on a sensor. */
    private static DocumentProvisioningSettings settings() {
        DocumentProvisioningSettings usual = new DocumentProvisioningSettings();
        return Kotlin.call(
                usual,
                "copy",
                Kotlin.call(usual, "getMinValidTime"),
                usual.getKeyBoundCredentialMaxUses(),
                COPIES,
                usual.getKeylessCredentialMaxUses(),
                usual.getKeylessCredentialNumPerDomain(),
                Kotlin.call(usual, "getUserAuthTimeout"),
                false,
                true,
                usual.getMdocUserAuthDomain(),
                usual.getMdocNoUserAuthDomain(),
                usual.getSdJwtUserAuthDomain(),
                usual.getSdJwtNoUserAuthDomain(),
                usual.getSdJwtKeylessDomain());
    }

    private PresentmentSource consenting() {
        DocumentTypeRepository types = new DocumentTypeRepository();
        types.addTransactionType(new Consent());
        return new SimplePresentmentSource(
                documents,
                types,
                null,
                null,
                () -> null,
                (requester, then) -> known(requester),
                ShowConsentPromptKt::promptModelSilentConsent,
                (document, then) -> List.of(),
                (credential, requesters, then) -> FaceMatchingMode.ONLY_IF_REQUESTED,
                true,
                List.of(settings().getMdocNoUserAuthDomain()),
                List.of(),
                List.of(),
                List.of(settings().getSdJwtNoUserAuthDomain()));
    }

    private TrustedRequesterIdentity known(Requester requester) {
        RequesterIdentity identity = requester.getRequesterIdentities().getFirst();
        TrustResult result = Kotlin.await(then ->
                trusted.verify(identity.getCertChain().getCertificates(), Clock.System.INSTANCE.now(), true, then));
        if (!result.isTrusted()) {
            throw new JourneyFailed("Multipaz does not trust who asks: " + result.getError());
        }
        return new TrustedRequesterIdentity(identity, new TrustMetadata());
    }

    private void trust(String pem) {
        Kotlin.await(then -> trusted.addX509Cert(X509Cert.Companion.fromPem(pem), new TrustMetadata(), then));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The back end of this wallet, which attests it and its keys: the development city's provider of wallets. */
    private static final class Provider implements OpenID4VCIBackend {

        private static final String ISSUER = "https://wallet.example";
        private static final List<String> HIGH = List.of("iso_18045_high");

        private final AsymmetricKey key;

        Provider(Path folder) {
            X509Cert certificate = X509Cert.Companion.fromPem(read(folder.resolve("wallet-provider.pem")));
            EcPrivateKey secret = EcPrivateKey.Companion.fromPem(
                    read(folder.resolve("wallet-provider.key")), certificate.getEcPublicKey());
            key = new AsymmetricKey.X509CertifiedExplicit(
                    new X509CertChain(List.of(certificate)), secret, Algorithm.ES256);
        }

        @Override
        public Object getClientId(Continuation<? super String> then) {
            return CLIENT;
        }

        @Override
        public Object createJwtClientAssertion(String server, Continuation<? super String> then) {
            throw new JourneyFailed("the city asks for attestations");
        }

        @Override
        public Object createJwtWalletAttestation(KeyAttestation attested, Continuation<? super String> then) {
            return OpenID4VCIBackendUtil.INSTANCE.createWalletAttestation(
                    key, CLIENT, ISSUER, attested.getPublicKey(), null, "Multipaz", ISSUER, then);
        }

        @Override
        public Object createJwtKeyAttestation(
                List<CredentialKeyAttestation> attested,
                String challenge,
                @Nullable List<String> userAuthentication,
                @Nullable List<String> keyStorage,
                Continuation<? super String> then) {
            return OpenID4VCIBackendUtil.INSTANCE.createJwtKeyAttestation(
                    key, ISSUER, attested, challenge, HIGH, HIGH, then);
        }
    }

    /** Transaction data that this wallet knows: a text to agree to. */
    private static final class Consent extends TransactionType<String> {

        Consent() {
            super("Consent", CONSENT, CONSENT, CONSENT, CONSENT);
        }

        @Override
        public String parseOpenId4VpRequest(String json) {
            return json;
        }
    }

    /** What the parts that fetch credentials find about them; those that Multipaz has itself need a user interface's thread. */
    private final class Surroundings implements BackendEnvironment {

        private final Map<Class<?>, Object> parts = Map.of(
                HttpClient.class,
                http.client(),
                SecureAreaProvider.class,
                new SecureAreaProvider<>(Dispatchers.getDefault(), (scope, then) -> keys),
                OpenID4VCIClientPreferences.class,
                preferences,
                OpenID4VCIBackend.class,
                provider);

        @Override
        @SuppressWarnings("unchecked")
        public <T> @Nullable T getInterface(KClass<T> type) {
            return (T) parts.get(JvmClassMappingKt.getJavaClass(type));
        }

        @Override
        public <E extends CoroutineContext.Element> @Nullable E get(CoroutineContext.Key<E> key) {
            return DefaultImpls.get(this, key);
        }

        @Override
        public <R> R fold(R first, Function2<? super R, ? super CoroutineContext.Element, ? extends R> operation) {
            return DefaultImpls.fold(this, first, operation);
        }

        @Override
        public CoroutineContext minusKey(CoroutineContext.Key<?> key) {
            return DefaultImpls.minusKey(this, key);
        }

        @Override
        public CoroutineContext plus(CoroutineContext context) {
            return DefaultImpls.plus(this, context);
        }
    }

    /** Nobody is asked for anything: keys in software need no passphrase, and consent is given without. */
    private static final class NoPrompts extends PromptModel {

        NoPrompts() {
            super(new Builder());
        }

        @Override
        public CoroutineScope getPromptModelScope() {
            return CoroutineScopeKt.CoroutineScope(Dispatchers.getDefault());
        }

        private static final class Builder extends PromptModel.Builder {

            Builder() {
                super((reason, constraints, then) -> null);
            }

            @Override
            public PromptModel build() {
                return new NoPrompts();
            }
        }
    }
}
