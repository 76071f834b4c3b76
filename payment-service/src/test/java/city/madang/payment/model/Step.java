package city.madang.payment.model;

import java.util.Random;

/**
 * One thing that someone does. Numbers name wallets, bills and payments modulo how many there are, so that any part of a run is
 * a run too.
 */
sealed interface Step {

    record Pay(int payer, int payee, long amount) implements Step {}

    record Hold(int payer, int payee, long amount) implements Step {}

    record PayBill(int payer, int bill) implements Step {}

    record PayPart(int payer, int bill, long amount) implements Step {}

    record HoldForBill(int payer, int bill) implements Step {}

    record Present(long amount, boolean partial) implements Step {}

    record CancelBill(int bill) implements Step {}

    record SendAgain(int payment) implements Step {}

    record ReuseNonce(int payment) implements Step {}

    record CancelFirst(int payer, int payee, long amount) implements Step {}

    record Capture(int payment, long amount) implements Step {}

    record Void(int payment) implements Step {}

    record Refund(int payment, long amount) implements Step {}

    record Settle() implements Step {}

    static Step random(Random random) {
        int one = random.nextInt(1_000);
        int other = random.nextInt(1_000);
        long amount = 1 + random.nextInt(400);
        return switch (random.nextInt(18)) {
            case 0, 1 -> new Pay(one, other, amount);
            case 2, 3 -> new Hold(one, other, amount);
            case 4 -> new PayBill(one, other);
            case 5, 6 -> new PayPart(one, other, amount);
            case 7 -> new HoldForBill(one, other);
            case 8 -> new Present(amount, random.nextBoolean());
            case 9 -> new CancelBill(one);
            case 10 -> new SendAgain(one);
            case 11 -> new ReuseNonce(one);
            case 12 -> new CancelFirst(one, other, amount);
            case 13 -> new Capture(one, amount);
            case 14 -> new Void(one);
            case 15, 16 -> new Refund(one, amount);
            default -> new Settle();
        };
    }
}
