package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArtifactTest {

    @Test
    void the_committed_artifacts_are_what_the_sources_compile_to() throws Exception {
        Anvil.installPackages();
        Process check = new ProcessBuilder("npm", "run", "check")
                .directory(Anvil.MODULE.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(check.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, check.exitValue(), said);
    }

    @Test
    void another_contract_or_none_at_the_address_is_told() {
        Anvil anvil = Anvil.shared();
        try (var chain = Chain.connect(anvil.rpcUrl())) {
            var sender = new ChainSender(chain, anvil.fundedKey());
            AnchorContract anchor = AnchorContract.deploy(sender, sender.address());
            anchor.requireSameCode();

            var wrong = new LedgerContract(chain, anchor.address());
            var nothing = new LedgerContract(chain, TestKeys.newCredentials().address());

            assertTrue(assertThrows(ChainException.WrongCode.class, wrong::requireSameCode)
                    .getMessage()
                    .contains("not this version's Ledger"));
            assertTrue(assertThrows(ChainException.WrongCode.class, nothing::requireSameCode)
                    .getMessage()
                    .contains("no contract at"));
            assertThrows(ChainException.WrongCode.class, nothing::supply);
        }
    }

    @Test
    void one_changed_byte_of_code_is_told() {
        try (var ledger = new TestLedger()) {
            ledger.contract.requireSameCode();
            String code = LedgerContract.artifact().deployedBytecode();
            String changed = code.substring(0, code.length() - 1) + (code.endsWith("0") ? "1" : "0");

            Anvil.shared().rpc("anvil_setCode", "\"" + ledger.contract.address() + "\",\"" + changed + "\"");

            assertThrows(ChainException.WrongCode.class, ledger.contract::requireSameCode);
        }
    }

    @Test
    void a_ledger_refuses_to_exist_on_a_chain_without_p256() throws Exception {
        try (var prague = Anvil.start("prague");
                var chain = Chain.connect(prague.rpcUrl())) {
            var sender = new ChainSender(chain, prague.fundedKey());
            String[] roles = new String[5];
            for (int i = 0; i < roles.length; i++) {
                roles[i] = TestKeys.newCredentials().address();
            }

            var refusal = assertThrows(
                    ChainException.Reverted.class,
                    () -> LedgerContract.deploy(
                            sender, new LedgerRoles(roles[0], roles[1], roles[2], roles[3], roles[4])));

            assertEquals("MissingPrecompile", refusal.error());
        }
    }

    @Test
    void an_unknown_artifact_is_told() {
        assertThrows(IllegalArgumentException.class, () -> Artifact.load("Nothing"));
    }
}
