package city.madang.payment;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("city.madang.payment");

    @Test
    void capabilities_do_not_depend_on_each_other_in_a_circle() {
        slices().matching("city.madang.payment.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void the_domain_is_plain_java() {
        noClasses()
                .that()
                .haveNameMatching(
                        "city\\.madang\\.payment\\.(authorisations\\.(Judge|Snapshot|Submission|Verdict|Refusal|Window)"
                                + "|authorisations\\.(Terms|Earlier|Reference)"
                                + "|accounts\\.(Owner|KeyProof|AccountView)|bills\\.(BillHash|BillView|PayableBill)"
                                + "|money\\.Won|limits\\.Limits|history\\.HistoryItem"
                                + "|settlement\\.(Batch|Fate)|reconciliation\\.Reconciliation"
                                + "|chain\\.(LedgerState|LedgerKeys))(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.quarkus..",
                        "io.vertx..",
                        "io.smallrye..",
                        "jakarta..",
                        "org.hibernate..",
                        "io.micrometer.."))
                .check(CLASSES);
    }

    @Test
    void only_settlement_and_the_gate_speak_to_the_contract() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..settlement..", "..chain..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(city.madang.contracts.ChainSender.class)
                .check(CLASSES);
    }
}
