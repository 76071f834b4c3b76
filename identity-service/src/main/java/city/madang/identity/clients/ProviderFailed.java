package city.madang.identity.clients;

/** The OpenID provider did not do what was asked. The message may be shown to registrars. */
final class ProviderFailed extends RuntimeException {
    ProviderFailed(String what) {
        super(what);
    }
}
