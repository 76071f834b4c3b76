package city.madang.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "city.madang.identity", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_domain_is_free_of_frameworks = noClasses()
            .that()
            .resideInAnyPackage(
                    "..identity.jose..",
                    "..identity.cbor..",
                    "..identity.sdjwt..",
                    "..identity.mdoc..",
                    "..identity.dcql..",
                    "..identity.did..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus..",
                    "io.smallrye..",
                    "io.vertx..",
                    "jakarta..",
                    "org.hibernate..",
                    "org.eclipse.microprofile..");

    @ArchTest
    static final ArchRule capabilities_do_not_depend_on_each_other_in_circles =
            slices().matching("city.madang.identity.(*)..").should().beFreeOfCycles();
}
