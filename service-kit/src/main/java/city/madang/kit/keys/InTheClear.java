package city.madang.kit.keys;

/** No guard at all, for development only: a private key that whoever has the disk can read is not fit for a city. */
record InTheClear(String environment) implements FileKeyring.Guard {

    private static final String DEVELOPMENT = "development";

    @Override
    public byte[] closed(String id, byte[] privateKey) {
        requireDevelopment();
        return privateKey;
    }

    @Override
    public byte[] opened(String id, byte[] closed) {
        requireDevelopment();
        return closed;
    }

    private void requireDevelopment() {
        if (!environment.equals(DEVELOPMENT)) {
            throw new IllegalStateException(
                    "keys in files are for development; set madang.keys.store=pkcs11, or madang.environment=development");
        }
    }
}
