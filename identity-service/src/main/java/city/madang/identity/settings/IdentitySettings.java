package city.madang.identity.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Settings of the identity service. */
@ConfigMapping(prefix = "madang")
public interface IdentitySettings {

    /** The public origin, without a trailing slash, e.g. {@code https://localhost:8443}. */
    String origin();

    /** The city's agency CA, which certifies agencies' keys. */
    Ca ca();

    /** PEM file of the root that wallets and verifiers trust. */
    Path trustAnchor();

    Offer offer();

    Issuance issuance();

    Presentation presentation();

    Authorization authorization();

    SignIn signIn();

    Registry registry();

    TrustList trustList();

    Iaca iaca();

    /** PEM file of the CA certificates of trusted wallet providers; without it no attestation is trusted. */
    Optional<Path> walletProviders();

    /** Issuers outside the city whose credentials agencies may ask for, by a name of the operator's choice. */
    Map<String, OtherIssuer> otherIssuers();

    Status status();

    /** The Credential Issuer Identifier (OpenID4VCI 1.0 clause 12.2.1). */
    default String issuer() {
        return origin() + "/identity";
    }

    default String vct(String name) {
        return issuer() + "/vct/" + name;
    }

    /** Where all status lists are listed, and below which each is served. */
    default String statusLists() {
        return issuer() + "/status-lists";
    }

    default String statusListUri(UUID list) {
        return statusLists() + "/" + list;
    }

    /** Where an IACA's list of revoked certificates is, which its certificates name. */
    default String crl(int iaca) {
        return issuer() + "/iaca/" + iaca + "/crl";
    }

    interface Ca {
        /** PEM file of the intermediate certificate. */
        Path certificate();

        /** PEM file of its private key, PKCS#8. */
        Path key();
    }

    interface Offer {
        /** How long a holder may take to fetch an offered credential. */
        @WithDefault("P7D")
        Duration lifetime();

        /** How long a nonce for key proofs may be used. */
        @WithDefault("PT5M")
        Duration nonceLifetime();
    }

    interface Issuance {
        /** The agency whose issuer certificate signs the issuer's metadata; unregistered, it is served unsigned only. */
        @WithDefault("city-hall")
        String metadataAgency();

        /** How long signed metadata is good (its {@code exp}). */
        @WithDefault("P1D")
        Duration metadataLifetime();

        /** How long wallets and caches may keep metadata before they ask again. */
        @WithDefault("PT5M")
        Duration metadataCached();

        /** How long an agency may take to decide on a wallet's request, and the wallet to fetch what was decided. */
        @WithDefault("P30D")
        Duration deferredLifetime();

        /** How long a wallet is asked to wait before it asks again for a deferred credential. */
        @WithDefault("PT30S")
        Duration deferredInterval();
    }

    /** Whether something must be shown or may be left out. */
    enum Need {
        REQUIRED,
        OPTIONAL
    }

    interface Authorization {
        /** Whether a wallet that lets a citizen sign in must show an attestation of its provider (HAIP 1.0 §4.4.1). */
        @WithDefault("required")
        Need clientAttestation();

        /** Whether a wallet that redeems a pre-authorized code must show one too. */
        @WithDefault("optional")
        Need preAuthorizedAttestation();

        /** Whether the proof of an attestation's key must hold a challenge from the challenge endpoint. */
        @WithDefault("required")
        Need attestationChallenge();

        /** Whether a wallet that redeems a pre-authorized code must bind its tokens to a key (RFC 9449); after a sign-in it always must. */
        @WithDefault("optional")
        Need dpop();

        /**
         * Wallets that are answered at registered addresses only, by client id. If attestations are optional, these need none; an
         * attested wallet that is not here may be answered wherever it says.
         */
        Map<String, PublicClient> publicClients();

        /** Whether the citizen is asked, after the sign-in, if the wallet may have the credentials. */
        @WithDefault("false")
        boolean consent();

        /** Assurance levels ({@code acr}) of sign-ins, the weakest first; a level satisfies all before it. */
        @WithDefault("0,1,2,3")
        List<String> assuranceLevels();

        /** How long an access token lives, and a lost answer can be fetched again. */
        @WithDefault("PT5M")
        Duration accessTokenLifetime();

        /** How long a wallet may refresh what a sign-in granted, and what was learnt at the sign-in is kept. */
        @WithDefault("P30D")
        Duration grantLifetime();

        /** How long after a refresh the same refresh token may be sent again, because the answer was lost. */
        @WithDefault("PT1M")
        Duration refreshRetry();

        /** How long a pushed authorization request waits for its browser (RFC 9126 §2.2). */
        @WithDefault("PT1M")
        Duration pushedRequestLifetime();

        /** How long a citizen may take to sign in. */
        @WithDefault("PT10M")
        Duration signInLifetime();

        /** How long an authorization code may be used. */
        @WithDefault("PT1M")
        Duration codeLifetime();

        /** How long a nonce for DPoP proofs, or a challenge for attestations, may be used. */
        @WithDefault("PT5M")
        Duration nonceLifetime();
    }

    interface PublicClient {
        /** Where the authorization code may be sent, compared as it is. */
        Set<String> redirectUris();
    }

    /** The city's OpenID provider, Keycloak, with which citizens sign in. */
    interface SignIn {
        /** This service's client there: confidential, authorization code with PKCE. */
        @WithDefault("madang-identity")
        String clientId();

        /** Its secret; without it nobody can sign in. */
        Optional<String> clientSecret();
    }

    /** With which this service keeps the clients of agencies at the OpenID provider. */
    interface Registry {
        /** This service's client for that: confidential, with the role {@code manage-clients} and no other. */
        @WithDefault("madang-registry")
        String clientId();

        /** Its secret; without it agencies can be given keys to sign in with, but no client is made of them. */
        Optional<String> clientSecret();

        /** How often the provider's client is looked at although nothing was changed here. */
        @WithDefault("PT1H")
        Duration recheck();

        /** How often the keys that an agency publishes at an address of its own are fetched. */
        @WithDefault("PT5M")
        Duration keysRefresh();
    }

    /** The city's list of who may issue and ask for what. */
    interface TrustList {
        /** How long a published list may be relied upon ({@code NextUpdate}); a new one comes at half of that. */
        @WithDefault("P1D")
        Duration lifetime();

        /** How long others may use a copy before they ask for changes. */
        @WithDefault("PT10S")
        Duration cached();

        /** ISO 3166-1 code of the country, upper case. */
        @WithDefault("KR")
        String territory();

        /** Where the city is reached by post: street and number. */
        @WithDefault("1 Madang-ro")
        String street();

        /** And the place. */
        @WithDefault("Madang")
        String locality();
    }

    /** The city's CA for mdocs (ISO/IEC 18013-5 annex B). Its names are those of {@link TrustList}. */
    interface Iaca {
        /** How long an IACA's list of revoked certificates may be relied upon ({@code nextUpdate}), 90 days at most; a new one comes at half of that. */
        @WithDefault("P7D")
        Duration crlLifetime();
    }

    interface Presentation {
        /** How long a request of an agency waits for its answer, and the answer for the agency. */
        @WithDefault("PT10M")
        Duration lifetime();

        /** The longest that an agency may have a request wait for its answer. */
        @WithDefault("P1D")
        Duration longestLifetime();

        /** How long an agency can still see how a request of its own ended, after it has ended. */
        @WithDefault("P30D")
        Duration retention();

        /** How long an applicant may take to present what an application needs. */
        @WithDefault("P7D")
        Duration applicationLifetime();
    }

    interface OtherIssuer {
        /** PEM file of the CA certificates to which the issuer's chains and those of its status lists lead. */
        Path certificates();

        /** {@code vct} values and doctypes that it may issue. */
        Set<String> types();
    }

    interface Status {
        /** Entries of a new status list: many, so that one who fetches the list does not show whose credential it is about. */
        @WithDefault("1048576")
        int listSize();

        /** How many entries of a list a process takes at a time; those that it has not used when it ends stay unused. */
        @WithDefault("1024")
        int block();

        /** How long others may use a copy of a list before they ask for changes ({@code ttl}). */
        @WithDefault("PT1M")
        Duration ttl();

        /** How long a signed list may be relied upon at most ({@code exp}); it is signed anew at half of that. */
        @WithDefault("P1D")
        Duration lifetime();

        /** Within this time a served list shows a change, whichever process made it. */
        @WithDefault("PT1S")
        Duration freshness();

        /** How many of its own lists a process holds in memory, up to 3 MB each. */
        @WithDefault("32")
        int listsInMemory();

        /** Bytes of other issuers' lists that a process holds in memory. */
        @WithDefault("67108864")
        long foreignBytesInMemory();

        /** The longest that another issuer's list is used without asking for changes, whatever its {@code ttl} says. */
        @WithDefault("PT15M")
        Duration foreignTtlMax();
    }
}
