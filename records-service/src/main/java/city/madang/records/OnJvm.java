package city.madang.records;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import io.quarkus.arc.properties.UnlessBuildProperty;
import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * A bean that is left out of native executables, with all that only it reaches: printing, sealing and checking documents takes PDFBox, EU DSS and
 * AWT, which load their parts by name. Who asks for one injects an {@code Instance} and refuses what it cannot do.
 */
@Stereotype
@UnlessBuildProperty(name = "quarkus.native.enabled", stringValue = "true", enableIfMissing = true)
@Retention(RUNTIME)
@Target(TYPE)
public @interface OnJvm {}
