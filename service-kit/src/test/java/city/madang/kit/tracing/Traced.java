package city.madang.kit.tracing;

import io.quarkus.test.junit.QuarkusTestProfile;

/** An application of its own, so that others stay without tracing. */
public class Traced implements QuarkusTestProfile {}
