package city.madang.devstack.keycloak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The realm {@code madang} of a development stack in Keycloak's import format: roles, people, clients, and their claims. */
final class Realm {

    static final String NAME = "madang";
    static final String AUDIENCE = "madang-api";

    private static final int ACCESS_TOKEN_SECONDS = 300;
    private static final List<String> ROLES =
            List.of("citizen", "agency", "officer", "registrar", "treasurer", "auditor");

    /** The profile of a person: {@code agency} can be seen and set by administrators only, since it grants power; names and
     * the date of birth are proven, so that nobody changes her own. */
    private static final String PROFILE =
            """
            {"attributes": [
              {"name": "username", "validations": {"length": {"min": 3, "max": 64}},
               "permissions": {"view": ["admin", "user"], "edit": ["admin"]}},
              {"name": "email", "validations": {"email": {}, "length": {"max": 254}},
               "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}},
              {"name": "firstName", "validations": {"length": {"max": 100}, "person-name-prohibited-characters": {}},
               "permissions": {"view": ["admin", "user"], "edit": ["admin"]}},
              {"name": "lastName", "validations": {"length": {"max": 100}, "person-name-prohibited-characters": {}},
               "permissions": {"view": ["admin", "user"], "edit": ["admin"]}},
              {"name": "birthdate", "validations": {"pattern": {"pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}"}},
               "permissions": {"view": ["admin", "user"], "edit": ["admin"]}},
              {"name": "agency", "validations": {"pattern": {"pattern": "[a-z][a-z0-9-]{1,30}"}},
               "permissions": {"view": ["admin"], "edit": ["admin"]}}
            ]}""";

    private Realm() {}

    /**
     * The representation.
     *
     * @param origin public origin, where the identity service takes the browser back
     * @param forTests adds the clients of {@link People#TEST_CLIENTS}, which exchange a password for a token
     */
    static Map<String, Object> representation(DevCredentials credentials, String origin, boolean forTests) {
        var clients = new ArrayList<Object>();
        clients.add(publicClient("madang-wallet", "Madang wallet"));
        clients.add(publicClient("madang-console", "Madang console"));
        clients.add(signInClient(credentials.client(People.SIGN_IN_CLIENT), origin));
        clients.add(registryClient(credentials.client(People.REGISTRY_CLIENT)));
        clients.add(noPasswordClient());
        for (var agency : People.AGENCIES) {
            clients.add(agencyClient(agency, credentials.client(agency)));
        }
        clients.add(certifiedSystem(People.CERTIFIED_SYSTEM, "transport"));
        var users = new ArrayList<Object>();
        for (var person : People.ALL) {
            users.add(user(person, credentials));
        }
        People.AGENCIES.forEach(agency -> users.add(accountOfAgency(agency)));
        users.add(accountOfAgency(People.CERTIFIED_SYSTEM));
        users.add(Map.of(
                "username",
                "service-account-" + People.REGISTRY_CLIENT,
                "enabled",
                true,
                "serviceAccountClientId",
                People.REGISTRY_CLIENT,
                "clientRoles",
                Map.of("realm-management", List.of("manage-clients"))));
        if (forTests) {
            clients.add(testClient(People.TEST_CLIENT, List.of(audience(), agencyOfUser()), ACCESS_TOKEN_SECONDS));
            clients.add(testClient(People.TEST_CLIENT_BRIEF, List.of(audience(), agencyOfUser()), 1));
            clients.add(testClient(People.TEST_CLIENT_OTHER_AUDIENCE, List.of(agencyOfUser()), ACCESS_TOKEN_SECONDS));
        }
        Map<String, Object> realm = new HashMap<>(SignInGuard.settings());
        realm.putAll(Map.ofEntries(
                Map.entry("realm", NAME),
                Map.entry("displayName", "Madang"),
                Map.entry("enabled", true),
                Map.entry("sslRequired", "none"), // TLS ends at the gateway; Keycloak listens on 127.0.0.1 only
                Map.entry("accessTokenLifespan", ACCESS_TOKEN_SECONDS),
                Map.entry("registrationAllowed", false),
                Map.entry("resetPasswordAllowed", false),
                Map.entry("internationalizationEnabled", true),
                Map.entry("supportedLocales", List.of("en", "ko")),
                Map.entry("defaultLocale", "en"),
                Map.entry("defaultSignatureAlgorithm", "ES256"),
                Map.entry(
                        "roles",
                        Map.of(
                                "realm",
                                ROLES.stream().map(role -> Map.of("name", role)).toList())),
                Map.entry("attributes", Map.of("acr.loa.map", SignInFlow.ACR_LEVELS)),
                Map.entry("authenticationFlows", SignInFlow.flows()),
                Map.entry("authenticatorConfig", SignInFlow.settings()),
                Map.entry("browserFlow", SignInFlow.BROWSER),
                Map.entry("directGrantFlow", SignInFlow.DIRECT),
                Map.entry("otpPolicyCodeReusable", forTests), // a test does not wait half a minute for the next code
                Map.entry("clients", clients),
                Map.entry("users", users),
                Map.entry(
                        "scopeMappings",
                        List.of(
                                Map.of("client", "madang-wallet", "roles", List.of("citizen")),
                                Map.of("client", People.SIGN_IN_CLIENT, "roles", List.of("citizen")),
                                Map.of(
                                        "client",
                                        "madang-console",
                                        "roles",
                                        List.of("officer", "registrar", "treasurer", "auditor")))),
                Map.entry(
                        "components",
                        Map.of(
                                "org.keycloak.userprofile.UserProfileProvider",
                                List.of(Map.of(
                                        "providerId",
                                        "declarative-user-profile",
                                        "config",
                                        Map.of("kc.user.profile.config", List.of(PROFILE))))))));
        return realm;
    }

    private static Map<String, Object> publicClient(String id, String name) {
        return Map.of(
                "clientId",
                id,
                "name",
                name,
                "enabled",
                true,
                "publicClient",
                true,
                "standardFlowEnabled",
                true,
                "directAccessGrantsEnabled",
                false,
                "fullScopeAllowed",
                false,
                // a native app listens on a loopback port of its own choice (RFC 8252, 7.3)
                "redirectUris",
                List.of("http://127.0.0.1:*", "http://localhost:*"),
                "attributes",
                Map.of("pkce.code.challenge.method", "S256"),
                "protocolMappers",
                List.of(audience(), agencyOfUser()));
    }

    /** The identity service's own: its authorization server for wallets signs citizens in here. */
    private static Map<String, Object> signInClient(String secret, String origin) {
        return Map.ofEntries(
                Map.entry("clientId", People.SIGN_IN_CLIENT),
                Map.entry("name", "Madang identity"),
                Map.entry("enabled", true),
                Map.entry("publicClient", false),
                Map.entry("secret", secret),
                Map.entry("standardFlowEnabled", true),
                Map.entry("directAccessGrantsEnabled", false),
                Map.entry("fullScopeAllowed", false),
                Map.entry("redirectUris", List.of(origin + "/identity/authorize/callback")),
                Map.entry("attributes", Map.of("pkce.code.challenge.method", "S256")),
                Map.entry(
                        "protocolMappers",
                        List.of(
                                rolesInIdToken(),
                                inIdToken("oidc-usermodel-attribute-mapper", "birthdate", "birthdate"),
                                inIdToken("oidc-usermodel-attribute-mapper", "lastName", "family_name"),
                                inIdToken("oidc-usermodel-attribute-mapper", "firstName", "given_name"))));
    }

    /** The identity service's own too: it makes, changes and disables the clients of agencies, and can do nothing else. */
    private static Map<String, Object> registryClient(String secret) {
        return Map.of(
                "clientId", People.REGISTRY_CLIENT,
                "name", "Madang registry of agencies",
                "enabled", true,
                "publicClient", false,
                "secret", secret,
                "standardFlowEnabled", false,
                "directAccessGrantsEnabled", false,
                "serviceAccountsEnabled", true);
    }

    /** Keycloak gives each realm this client, at which anyone may exchange a password for a token, past the second factor: here it is off. */
    private static Map<String, Object> noPasswordClient() {
        return Map.of(
                "clientId", "admin-cli",
                "name", "Keycloak's own, switched off",
                "enabled", false,
                "publicClient", true,
                "standardFlowEnabled", false,
                "directAccessGrantsEnabled", false,
                "fullScopeAllowed", false);
    }

    private static Object inIdToken(String type, String attribute, String claim) {
        return Map.of(
                "name",
                claim,
                "protocol",
                "openid-connect",
                "protocolMapper",
                type,
                "config",
                Map.of(
                        "user.attribute",
                        attribute,
                        "claim.name",
                        claim,
                        "jsonType.label",
                        "String",
                        "id.token.claim",
                        "true"));
    }

    private static Object rolesInIdToken() {
        var config = new HashMap<>(
                Map.of("claim.name", "realm_access.roles", "jsonType.label", "String", "multivalued", "true"));
        config.put("id.token.claim", "true");
        return Map.of(
                "name",
                "roles",
                "protocol",
                "openid-connect",
                "protocolMapper",
                "oidc-usermodel-realm-role-mapper",
                "config",
                config);
    }

    private static Map<String, Object> agencyClient(String id, String secret) {
        return Map.of(
                "clientId", id,
                "enabled", true,
                "publicClient", false,
                "secret", secret,
                "standardFlowEnabled", false,
                "directAccessGrantsEnabled", false,
                "serviceAccountsEnabled", true,
                "protocolMappers", List.of(audience(), agencyOfClient(id)));
    }

    private static Map<String, Object> accountOfAgency(String client) {
        return Map.of(
                "username",
                "service-account-" + client,
                "enabled",
                true,
                "serviceAccountClientId",
                client,
                "realmRoles",
                List.of("agency"));
    }

    /** Knows the system by the name in its certificate (RFC 8705, section 2.1), and binds its tokens to that (section 3). */
    private static Map<String, Object> certifiedSystem(String id, String agency) {
        return Map.of(
                "clientId", id,
                "enabled", true,
                "publicClient", false,
                "clientAuthenticatorType", "client-x509",
                "standardFlowEnabled", false,
                "directAccessGrantsEnabled", false,
                "serviceAccountsEnabled", true,
                "attributes",
                        Map.of(
                                "x509.subjectdn",
                                "CN=" + id + ",O=Madang development,C=KR",
                                "x509.allow.regex.pattern.comparison",
                                "false",
                                "tls.client.certificate.bound.access.tokens",
                                "true"),
                "protocolMappers", List.of(audience(), agencyOfClient(agency)));
    }

    private static Map<String, Object> testClient(String id, List<Object> mappers, int tokenSeconds) {
        return Map.of(
                "clientId", id,
                "enabled", true,
                "publicClient", true,
                "standardFlowEnabled", false,
                "directAccessGrantsEnabled", true,
                "attributes", Map.of("access.token.lifespan", Integer.toString(tokenSeconds)),
                "protocolMappers", mappers);
    }

    private static Map<String, Object> user(People.Person person, DevCredentials known) {
        var credentials = new ArrayList<Object>();
        credentials.add(Map.of("type", "password", "value", known.user(person.name()), "temporary", false));
        if (People.WITH_ONE_TIME_CODE.contains(person.name())) {
            credentials.add(OneTimeCode.credential(known.oneTimeCode(person.name())));
        }
        var attributes = new HashMap<String, Object>();
        if (!person.agency().isEmpty()) {
            attributes.put("agency", List.of(person.agency()));
        }
        if (!person.birthdate().isEmpty()) {
            attributes.put("birthdate", List.of(person.birthdate()));
        }
        return Map.of(
                "username",
                person.name(),
                "enabled",
                true,
                "emailVerified",
                true,
                "email",
                person.name() + "@madang.example",
                "firstName",
                person.givenName(),
                "lastName",
                person.familyName(),
                "attributes",
                attributes,
                "credentials",
                credentials,
                "realmRoles",
                person.roles());
    }

    private static Object audience() {
        return mapper("audience", "oidc-audience-mapper", Map.of("included.custom.audience", AUDIENCE));
    }

    private static Object agencyOfClient(String agency) {
        return mapper(
                "agency",
                "oidc-hardcoded-claim-mapper",
                Map.of("claim.name", "agency", "claim.value", agency, "jsonType.label", "String"));
    }

    private static Object agencyOfUser() {
        return mapper(
                "agency",
                "oidc-usermodel-attribute-mapper",
                Map.of("claim.name", "agency", "user.attribute", "agency", "jsonType.label", "String"));
    }

    private static Object mapper(String name, String type, Map<String, String> settings) {
        var config = new HashMap<>(settings);
        config.put("access.token.claim", "true");
        config.put("introspection.token.claim", "true");
        return Map.of("name", name, "protocol", "openid-connect", "protocolMapper", type, "config", config);
    }
}
