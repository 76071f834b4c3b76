package city.madang.payment.model;

import city.madang.contracts.Bytes32;
import city.madang.contracts.PayAuthorisation;
import city.madang.devstack.testing.TestTokens;
import city.madang.payment.testing.Api;
import city.madang.payment.testing.City;
import city.madang.payment.testing.Wallet;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes the same steps with the oracle and with the service, and compares every answer, and in the end everything. */
final class Run {

    private static final String PATH = "/payment/authorisations";

    private final Oracle oracle = new Oracle();
    private final List<Wallet> wallets = new ArrayList<>();
    private final List<JsonObject> bills = new ArrayList<>();

    /** As they were sent, in the order in which they were accepted, as the oracle counts them. */
    private final List<JsonObject> sent = new ArrayList<>();

    private final List<String> ids = new ArrayList<>();
    private final Runnable settler;
    private final String cityHall;

    Run(Wallet bank, Runnable settler) {
        this.settler = settler;
        this.cityHall = City.agency("city-hall");
        for (String user : List.of("minji", "minji", "junho")) {
            wallets.add(City.wallet(user));
        }
        wallets.add(City.agencyWallet("city-hall"));
        for (Wallet wallet : wallets) {
            City.expect(201, bank.submit(bank.pay(wallet.account, Oracle.BEGINNING, null)));
        }
        settler.run();
    }

    /** The first thing that differs, if any. */
    Optional<String> differs(List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            String expected = expected(steps.get(i));
            String actual = actual(steps.get(i), expected);
            if (!actual.equals(expected)) {
                return Optional.of("step " + i + " " + steps.get(i) + ": expected " + expected + " but got " + actual);
            }
        }
        settle();
        return differences();
    }

    private void settle() {
        settler.run();
        oracle.settle();
    }

    private Optional<String> differences() {
        for (int i = 0; i < Oracle.WALLETS; i++) {
            JsonObject state = wallets.get(i).state();
            long onChain = City.contract()
                    .account(new Bytes32(wallets.get(i).account))
                    .orElseThrow()
                    .balance();
            String expected = oracle.balance(i) + "/" + oracle.available(i) + "/" + oracle.balance(i);
            String actual = state.getLong("balance") + "/" + state.getLong("available") + "/" + onChain;
            if (!expected.equals(actual)) {
                return Optional.of("wallet " + i + ": expected " + expected + " but got " + actual);
            }
        }
        for (int i = 0; i < bills.size(); i++) {
            JsonObject bill = Api.get("/payment/bills/" + bills.get(i).getString("id"), TestTokens.client("city-hall"))
                    .json();
            String expected = oracle.billState(i) + "/" + oracle.left(i) + "/" + oracle.paid(i);
            String actual = bill.getString("state") + "/" + bill.getLong("left") + "/" + bill.getLong("paid");
            if (!expected.equals(actual)) {
                return Optional.of("bill " + i + ": expected " + expected + " but got " + actual);
            }
        }
        return Optional.empty();
    }

    private static int wallet(int number) {
        return number % Oracle.WALLETS;
    }

    private int bill(int number) {
        return number % oracle.bills.size();
    }

    private int payment(int number) {
        return number % oracle.payments.size();
    }

    /** Whether a step names a bill or a payment while there is none. */
    private boolean hasNoObject(Step step) {
        return switch (step) {
            case Step.PayBill _, Step.PayPart _, Step.HoldForBill _, Step.CancelBill _ -> oracle.bills.isEmpty();
            case Step.SendAgain _, Step.ReuseNonce _, Step.Capture _, Step.Void _, Step.Refund _ ->
                oracle.payments.isEmpty();
            default -> false;
        };
    }

    /** Out of which wallet the payee of a payment pays back. */
    private int refunder(int payment) {
        int payee = oracle.payments.get(payment).payee;
        return payee == Oracle.CITY_HALL ? Oracle.TREASURER : payee;
    }

    private String expected(Step step) {
        if (hasNoObject(step)) {
            return "nothing";
        }
        return switch (step) {
            case Step.Pay pay ->
                oracle.submit(wallet(pay.payer()), wallet(pay.payee()), pay.amount(), -1, false, -1, false);
            case Step.Hold hold ->
                oracle.submit(wallet(hold.payer()), wallet(hold.payee()), hold.amount(), -1, false, -1, true);
            case Step.PayBill pay -> forBill(pay.payer(), pay.bill(), false);
            case Step.HoldForBill hold -> forBill(hold.payer(), hold.bill(), true);
            case Step.PayPart pay ->
                oracle.submit(wallet(pay.payer()), Oracle.CITY_HALL, pay.amount(), bill(pay.bill()), true, -1, false);
            case Step.Present present -> {
                oracle.bills.add(new Oracle.Bill(present.amount(), present.partial()));
                yield "201";
            }
            case Step.CancelBill cancel -> oracle.cancel(bill(cancel.bill()));
            case Step.SendAgain _ -> "replayed";
            case Step.ReuseNonce _ -> "nonce-used";
            case Step.CancelFirst cancel ->
                wallet(cancel.payer()) == wallet(cancel.payee()) ? "self-payment" : "nonce-used";
            case Step.Capture capture -> oracle.capture(payment(capture.payment()), taken(capture));
            case Step.Void giveUp -> oracle.giveUp(payment(giveUp.payment()));
            case Step.Refund refund -> {
                int of = payment(refund.payment());
                // when the city hall refunds what its treasurer had paid, payer and payee are one
                yield oracle.submit(refunder(of), oracle.payments.get(of).payer, refund.amount(), -1, false, of, false);
            }
            case Step.Settle _ -> {
                oracle.settle();
                yield "settled";
            }
        };
    }

    private String forBill(int payer, int bill, boolean hold) {
        int number = bill(bill);
        return oracle.submit(wallet(payer), Oracle.CITY_HALL, oracle.bills.get(number).amount, number, false, -1, hold);
    }

    /** What the service answers. The oracle has taken the step already; only what was counted before it is looked up there. */
    private String actual(Step step, String expected) {
        if (expected.equals("nothing")) {
            return expected;
        }
        return switch (step) {
            case Step.Pay pay -> {
                Wallet payer = wallets.get(wallet(pay.payer()));
                yield submit(payer, payer.signed(payer.pay(account(wallet(pay.payee())), pay.amount(), null)));
            }
            case Step.Hold hold -> {
                Wallet payer = wallets.get(wallet(hold.payer()));
                yield submit(payer, payer.hold(account(wallet(hold.payee())), hold.amount(), null, 3_000));
            }
            case Step.PayBill pay -> {
                Wallet payer = wallets.get(wallet(pay.payer()));
                JsonObject bill = bills.get(bill(pay.bill()));
                yield submit(
                        payer, payer.signed(payer.pay(cityHall, bill.getLong("amount"), bill.getString("bill_hash"))));
            }
            case Step.HoldForBill hold -> {
                Wallet payer = wallets.get(wallet(hold.payer()));
                JsonObject bill = bills.get(bill(hold.bill()));
                yield submit(
                        payer,
                        payer.hold(
                                cityHall,
                                wallets.get(Oracle.TREASURER).account,
                                bill.getLong("amount"),
                                bill.getString("bill_hash"),
                                3_000));
            }
            case Step.PayPart pay -> {
                Wallet payer = wallets.get(wallet(pay.payer()));
                yield submit(payer, payer.instalment(bills.get(bill(pay.bill())), pay.amount()));
            }
            case Step.Present present -> {
                bills.add(
                        present.partial()
                                ? City.partialBill("minji", present.amount())
                                : City.bill("minji", present.amount()));
                yield "201";
            }
            case Step.CancelBill cancel ->
                answer(Api.post(
                        "/payment/bills/" + bills.get(bill(cancel.bill())).getString("id") + "/cancellation",
                        TestTokens.client("city-hall"),
                        new JsonObject()));
            case Step.SendAgain again -> {
                int number = payment(again.payment());
                yield answer(payerOf(number).submit(sent.get(number)));
            }
            case Step.ReuseNonce reuse -> {
                int number = payment(reuse.payment());
                Wallet payer = payerOf(number);
                JsonObject before = sent.get(number);
                PayAuthorisation fresh = payer.pay(before.getString("to"), 1, null);
                yield answer(payer.submit(new PayAuthorisation(
                        fresh.from(),
                        fresh.keyVersion(),
                        fresh.to(),
                        before.getLong("amount") + 1,
                        fresh.billHash(),
                        new java.math.BigInteger(before.getString("nonce")),
                        fresh.validAfter(),
                        fresh.validBefore())));
            }
            case Step.CancelFirst cancel -> {
                Wallet payer = wallets.get(wallet(cancel.payer()));
                PayAuthorisation pay = payer.pay(account(wallet(cancel.payee())), cancel.amount(), null);
                City.expect(
                        204,
                        Api.put(
                                "/payment/accounts/" + payer.account + "/cancelled-nonces/" + pay.nonce(),
                                payer.token,
                                new JsonObject()));
                yield answer(payer.submit(pay));
            }
            case Step.Capture capture -> {
                int number = payment(capture.payment());
                yield word(number, "/capture", wallets.get(refunder(number)).capture(ids.get(number), taken(capture)));
            }
            case Step.Void giveUp -> word(payment(giveUp.payment()), "/void", new JsonObject());
            case Step.Refund refund -> {
                // the oracle may have counted this very refund already
                int of = refund.payment() % (oracle.payments.size() - (expected.equals("201") ? 1 : 0));
                Wallet payee = wallets.get(refunder(of));
                yield submit(payee, payee.refund(ids.get(of), account(oracle.payments.get(of).payer), refund.amount()));
            }
            case Step.Settle _ -> {
                settler.run();
                yield "settled";
            }
        };
    }

    private String account(int wallet) {
        return wallet == Oracle.CITY_HALL ? cityHall : wallets.get(wallet).account;
    }

    private Wallet payerOf(int payment) {
        return wallets.get(oracle.payments.get(payment).payer);
    }

    /** Every other capture is of the whole, whatever the step says. */
    private long taken(Step.Capture capture) {
        return capture.amount() % 2 == 0 ? oracle.payments.get(payment(capture.payment())).amount : capture.amount();
    }

    private String word(int payment, String how, JsonObject body) {
        int payee = oracle.payments.get(payment).payee;
        String token = payee == Oracle.CITY_HALL ? TestTokens.client("city-hall") : wallets.get(payee).token;
        return answer(Api.post(PATH + "/" + ids.get(payment) + how, token, body));
    }

    private String submit(Wallet payer, JsonObject body) {
        Api.Answer answer = payer.submit(body);
        if (answer.status() == 201) {
            sent.add(body);
            ids.add(answer.json().getString("id"));
        }
        return answer(answer);
    }

    private static String answer(Api.Answer answer) {
        if (answer.status() >= 400) {
            return answer.problem();
        }
        return answer.replayed() ? "replayed" : Integer.toString(answer.status());
    }
}
