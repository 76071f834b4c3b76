package city.madang.payment.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What must come of each step, written down as simply as it can be said: no database, no batches, no chain. Wallets are
 * numbered; {@link #CITY_HALL} receives for bills and pays back out of its wallet {@link #TREASURER}.
 */
final class Oracle {

    /** The account into which bills are paid, which only receives. */
    static final int CITY_HALL = -1;

    /** The wallet out of which the city hall refunds. */
    static final int TREASURER = 3;

    static final int WALLETS = 4;

    /** Won that each wallet begins with. */
    static final long BEGINNING = 1_000;

    enum State {
        HELD,
        ACCEPTED,
        SETTLED,
        VOIDED
    }

    /** A payment that was accepted. */
    static final class Payment {
        final int payer;
        final int payee;
        final long amount;
        final int bill;
        final int refundOf;
        State state;

        /** Zero until it is captured. */
        long captured;

        long refunded;

        Payment(int payer, int payee, long amount, int bill, int refundOf, State state) {
            this.payer = payer;
            this.payee = payee;
            this.amount = amount;
            this.bill = bill;
            this.refundOf = refundOf;
            this.state = state;
        }

        /** What has moved or will: of a captured hold what was captured. */
        long moves() {
            return captured > 0 ? captured : amount;
        }

        boolean counts() {
            return state != State.VOIDED;
        }
    }

    /** A bill of the city hall. */
    static final class Bill {
        final long amount;
        final boolean partial;
        boolean cancelled;

        Bill(long amount, boolean partial) {
            this.amount = amount;
            this.partial = partial;
        }
    }

    final List<Payment> payments = new ArrayList<>();
    final List<Bill> bills = new ArrayList<>();

    /** Settled money and nothing else. */
    long balance(int account) {
        long balance = account == CITY_HALL ? 0 : BEGINNING;
        for (Payment payment : payments) {
            if (payment.state == State.SETTLED) {
                balance += payment.payee == account ? payment.moves() : 0;
                balance -= payment.payer == account ? payment.moves() : 0;
            }
        }
        return balance;
    }

    long available(int account) {
        return balance(account)
                - payments.stream()
                        .filter(p -> p.payer == account && (p.state == State.HELD || p.state == State.ACCEPTED))
                        .mapToLong(p -> p.amount)
                        .sum();
    }

    long left(int bill) {
        return bills.get(bill).amount
                - payments.stream()
                        .filter(p -> p.bill == bill && p.counts())
                        .mapToLong(p -> p.amount)
                        .sum();
    }

    long paid(int bill) {
        return payments.stream()
                .filter(p -> p.bill == bill && p.state == State.SETTLED)
                .mapToLong(p -> p.amount)
                .sum();
    }

    String billState(int bill) {
        if (bills.get(bill).cancelled) {
            return "cancelled";
        }
        if (paid(bill) == bills.get(bill).amount) {
            return "paid";
        }
        return left(bill) == 0 ? "paying" : "open";
    }

    /** The answer to a new authorisation: {@code 201} or a problem's name. */
    String submit(int payer, int payee, long amount, int bill, boolean part, int refundOf, boolean hold) {
        String wrong = wrong(payer, payee, amount, bill, part, refundOf);
        if (wrong != null) {
            return wrong;
        }
        payments.add(new Payment(payer, payee, amount, bill, refundOf, hold ? State.HELD : State.ACCEPTED));
        if (refundOf >= 0) {
            payments.get(refundOf).refunded += amount;
        }
        return "201";
    }

    private String wrong(int payer, int payee, long amount, int bill, boolean part, int refundOf) {
        if (payer == payee) {
            return "self-payment";
        }
        if (refundOf >= 0) {
            Payment paid = payments.get(refundOf);
            if (paid.state != State.SETTLED) {
                return "not-settled";
            }
            if (amount > paid.moves() - paid.refunded) {
                return "refund-exceeds-payment";
            }
        }
        if (bill >= 0) {
            if (part && !bills.get(bill).partial) {
                return "bill-not-partial";
            }
            if (bills.get(bill).cancelled) {
                return "bill-cancelled";
            }
            if (left(bill) == 0 || !part && left(bill) < bills.get(bill).amount) {
                return "bill-already-paid";
            }
            if (amount > left(bill)) {
                return "bill-exceeded";
            }
        }
        return amount > available(payer) ? "insufficient-funds" : null;
    }

    String capture(int payment, long amount) {
        Payment found = payments.get(payment);
        if (found.captured == amount) {
            return "replayed";
        }
        if (found.captured > 0 || found.state != State.HELD) {
            return "not-held";
        }
        if (amount > found.amount) {
            return "above-hold";
        }
        if (found.bill >= 0 && amount < found.amount) {
            return "captured-whole";
        }
        found.state = State.ACCEPTED;
        found.captured = amount;
        return "200";
    }

    String giveUp(int payment) {
        Payment found = payments.get(payment);
        if (found.state == State.VOIDED) {
            return "replayed";
        }
        if (found.state != State.HELD) {
            return "not-held";
        }
        found.state = State.VOIDED;
        return "200";
    }

    String cancel(int bill) {
        Bill found = bills.get(bill);
        if (!found.cancelled && left(bill) < found.amount) {
            return "bill-payment-counted";
        }
        found.cancelled = true;
        return "200";
    }

    void settle() {
        payments.stream().filter(p -> p.state == State.ACCEPTED).forEach(p -> p.state = State.SETTLED);
    }
}
