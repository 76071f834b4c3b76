package city.madang.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import city.madang.contracts.TestLedger.Holder;
import java.math.BigInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class KeysAndTreasuryTest {

    private static TestLedger ledger;
    private static LedgerContract contract;

    @BeforeAll
    static void deploy() {
        ledger = new TestLedger();
        contract = ledger.contract;
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    private static void assertReverts(String error, Executable call) {
        assertEquals(error, assertThrows(ChainException.Reverted.class, call).error());
    }

    @Test
    void after_a_rotation_the_old_keys_authorisations_die_and_the_new_keys_live() {
        Holder holder = ledger.openWith(100);
        Holder shop = ledger.open();
        SignedPayment unspent = ledger.sign(ledger.transfer(holder, shop, 10), holder);
        var renewed = new Holder(holder.id(), new Wallet());
        var rotation = new KeyRotation(
                holder.id(), 1, renewed.wallet().x(), renewed.wallet().y());

        contract.rotateKey(ledger.stranger, rotation, holder.wallet().sign(rotation.message(ledger.separator)));

        assertEquals(RefusalReason.WRONG_KEY_VERSION, ledger.refusal(unspent));
        PayAuthorisation p = ledger.transfer(renewed, shop, 10);
        var second =
                new PayAuthorisation(p.from(), 2, p.to(), 10, p.billHash(), p.nonce(), p.validAfter(), p.validBefore());
        assertEquals(RefusalReason.BAD_SIGNATURE, ledger.refusal(ledger.sign(second, holder)));
        assertInstanceOf(
                Outcome.Settled.class,
                ledger.settle(ledger.sign(second, renewed)).getFirst());
        LedgerAccount account = contract.account(holder.id()).orElseThrow();
        assertEquals(2, account.keyVersion());
        assertEquals(renewed.wallet().x(), account.x());
        assertEquals(90, account.balance());
    }

    @Test
    void only_the_present_key_names_the_next() {
        Holder holder = ledger.open();
        Wallet next = new Wallet();
        var rotation = new KeyRotation(holder.id(), 1, next.x(), next.y());
        P256Signature signature = holder.wallet().sign(rotation.message(ledger.separator));
        P256Signature forged = new Wallet().sign(rotation.message(ledger.separator));
        Wallet thief = new Wallet();

        assertReverts("BadSignature", () -> contract.rotateKey(ledger.operator, rotation, forged));
        var altered = new KeyRotation(holder.id(), 1, thief.x(), thief.y());
        assertReverts("BadSignature", () -> contract.rotateKey(ledger.operator, altered, signature));
        contract.rotateKey(ledger.operator, rotation, signature);
        assertReverts("WrongKeyVersion", () -> contract.rotateKey(ledger.operator, rotation, signature));
        assertEquals(next.y(), contract.account(holder.id()).orElseThrow().y());
    }

    @Test
    void a_frozen_account_keeps_its_key() {
        Holder holder = ledger.open();
        Wallet next = new Wallet();
        var rotation = new KeyRotation(holder.id(), 1, next.x(), next.y());
        contract.freeze(ledger.operator, holder.id());

        assertReverts(
                "AccountFrozen",
                () -> contract.rotateKey(
                        ledger.stranger, rotation, holder.wallet().sign(rotation.message(ledger.separator))));
        assertReverts("NotAllowed", () -> contract.unfreeze(ledger.stranger, holder.id()));
    }

    @Test
    void a_first_key_is_set_once_and_never_by_the_operator() {
        var agency = new Holder(TestKeys.random(), new Wallet());
        Wallet key = agency.wallet();
        contract.openReceivingAccount(ledger.operator, agency.id());
        ledger.mint(agency.id(), 30);
        Holder shop = ledger.open();

        assertReverts("NotAllowed", () -> contract.setFirstKey(ledger.operator, agency.id(), key.x(), key.y()));
        contract.setFirstKey(ledger.identityAuthority, agency.id(), key.x(), key.y());
        assertReverts(
                "KeyAlreadySet", () -> contract.setFirstKey(ledger.identityAuthority, agency.id(), key.x(), key.y()));

        ledger.settle(ledger.sign(ledger.transfer(agency, shop, 30), agency));
        assertEquals(30, ledger.balance(shop));
    }

    @Test
    void an_account_is_opened_once_by_the_operator_with_a_point_of_the_curve() {
        Holder holder = ledger.open();
        Wallet key = new Wallet();
        Bytes32 one = Bytes32.of(BigInteger.ONE);

        assertReverts("AccountExists", () -> contract.openAccount(ledger.operator, holder.id(), key.x(), key.y()));
        assertReverts("AccountExists", () -> contract.openAccount(ledger.operator, Bytes32.ZERO, key.x(), key.y()));
        assertReverts("NotOnCurve", () -> contract.openAccount(ledger.operator, TestKeys.random(), one, one));
        assertReverts(
                "NotOnCurve", () -> contract.openAccount(ledger.operator, TestKeys.random(), key.x(), Bytes32.ZERO));
        assertReverts("NotAllowed", () -> contract.openAccount(ledger.auditor, TestKeys.random(), key.x(), key.y()));
        assertTrue(contract.account(TestKeys.random()).isEmpty());
    }

    @Test
    void minting_needs_two_different_treasurers() {
        Holder city = ledger.open();
        Bytes32 mintId = TestKeys.random();
        contract.attestReserve(ledger.auditor, BigInteger.TEN.pow(9), TestKeys.random());

        assertReverts("NotAllowed", () -> contract.proposeMint(ledger.operator, mintId, city.id(), 500));
        contract.proposeMint(ledger.treasurerB, mintId, city.id(), 500);
        assertReverts("BadMint", () -> contract.proposeMint(ledger.treasurerA, mintId, city.id(), 900));
        assertReverts("NotAllowed", () -> contract.approveMint(ledger.treasurerB, mintId));
        assertReverts("NotAllowed", () -> contract.approveMint(ledger.operator, mintId));
        assertReverts("MintNotProposed", () -> contract.approveMint(ledger.treasurerA, TestKeys.random()));
        assertEquals(0, ledger.balance(city));

        contract.approveMint(ledger.treasurerA, mintId);
        assertReverts("MintNotProposed", () -> contract.approveMint(ledger.treasurerA, mintId));
        assertEquals(500, ledger.balance(city));
        assertEquals(
                new LedgerMint(city.id(), 500, ledger.treasurerB.address(), true),
                contract.mint(mintId).orElseThrow());
    }

    @Test
    void supply_stays_within_the_attested_reserve() {
        try (var fresh = new TestLedger()) {
            Holder city = fresh.open();
            Bytes32 first = TestKeys.random();
            Bytes32 second = TestKeys.random();
            fresh.contract.proposeMint(fresh.treasurerA, first, city.id(), 600);
            fresh.contract.proposeMint(fresh.treasurerA, second, city.id(), 401);

            assertReverts("AboveReserve", () -> fresh.contract.approveMint(fresh.treasurerB, first));
            assertReverts(
                    "NotAllowed",
                    () -> fresh.contract.attestReserve(fresh.treasurerA, BigInteger.TEN.pow(4), TestKeys.random()));
            fresh.contract.attestReserve(fresh.auditor, BigInteger.valueOf(1000), TestKeys.random());
            fresh.contract.approveMint(fresh.treasurerB, first);
            assertReverts("AboveReserve", () -> fresh.contract.approveMint(fresh.treasurerB, second));
            assertReverts(
                    "ReserveBelowSupply",
                    () -> fresh.contract.attestReserve(fresh.auditor, BigInteger.valueOf(599), TestKeys.random()));
            fresh.contract.attestReserve(fresh.auditor, BigInteger.valueOf(600), TestKeys.random());

            assertEquals(600, fresh.contract.supply());
            assertEquals(BigInteger.valueOf(600), fresh.contract.reserve());
        }
    }

    @Test
    void no_mint_overflows_the_supply() {
        try (var fresh = new TestLedger()) {
            Holder city = fresh.open();
            fresh.contract.attestReserve(fresh.auditor, BigInteger.TWO.pow(255), TestKeys.random());
            Bytes32 first = TestKeys.random();
            Bytes32 second = TestKeys.random();
            Bytes32 third = TestKeys.random();
            fresh.contract.proposeMint(fresh.treasurerA, first, city.id(), Long.MAX_VALUE);
            fresh.contract.proposeMint(fresh.treasurerA, second, city.id(), Long.MAX_VALUE);
            fresh.contract.proposeMint(fresh.treasurerA, third, city.id(), 2);
            fresh.contract.approveMint(fresh.treasurerB, first);
            fresh.contract.approveMint(fresh.treasurerB, second);

            assertReverts("AboveReserve", () -> fresh.contract.approveMint(fresh.treasurerB, third));
        }
    }

    @Test
    void roles_are_kept_apart_from_the_start() {
        LedgerRoles roles = ledger.roles();
        assertEquals(roles, contract.roles());
        var sameTreasurer = new LedgerRoles(
                roles.operator(), roles.auditor(), roles.treasurerA(), roles.treasurerA(), roles.identityAuthority());
        var auditingTreasurer = new LedgerRoles(
                roles.operator(),
                roles.treasurerB(),
                roles.treasurerA(),
                roles.treasurerB(),
                roles.identityAuthority());
        var recoveringOperator = new LedgerRoles(
                roles.operator(), roles.auditor(), roles.treasurerA(), roles.treasurerB(), roles.operator());

        assertReverts("BadRoles", () -> LedgerContract.deploy(ledger.stranger, sameTreasurer));
        assertReverts("BadRoles", () -> LedgerContract.deploy(ledger.stranger, auditingTreasurer));
        assertReverts("BadRoles", () -> LedgerContract.deploy(ledger.stranger, recoveringOperator));
    }
}
