package city.madang.records;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("city.madang.records");

    @Test
    void the_course_is_plain_java() {
        classes()
                .that()
                .resideInAnyPackage("..applications.course..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "..applications.course..")
                .check(CLASSES);
    }

    @Test
    void a_definition_knows_json_and_nothing_of_the_framework() {
        classes()
                .that()
                .resideInAPackage("..catalogue.definition..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "com.fasterxml.jackson..",
                        "com.networknt.schema..",
                        "com.google.re2j..",
                        "..records.paper..",
                        "..catalogue.definition..")
                .check(CLASSES);
    }

    @Test
    void ciphers_and_inspection_are_plain_java() {
        classes()
                .that()
                .resideInAnyPackage("..documents.cipher..", "..documents.content..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core..",
                        "..documents.cipher..",
                        "..documents.content..")
                .check(CLASSES);
    }

    @Test
    void capabilities_do_not_depend_on_each_other_in_circles() {
        slices().matching("city.madang.records.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
