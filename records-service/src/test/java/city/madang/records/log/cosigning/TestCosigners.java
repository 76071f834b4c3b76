package city.madang.records.log.cosigning;

import city.madang.records.RecordsConfig;

/** For tests that publish without a container. */
public final class TestCosigners {

    private TestCosigners() {}

    /** Asks nobody: the configuration names no policy. */
    public static Cosigners none(RecordsConfig config) {
        return new Cosigners(new WitnessClient(), new WitnessProgress(null), config);
    }
}
