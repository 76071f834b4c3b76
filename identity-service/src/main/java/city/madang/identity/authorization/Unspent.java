package city.madang.identity.authorization;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose token is good, and whose proof is not used up yet, if it has one. Nothing may be done or answered before it is, not
 * even refused: by {@link #spend}, or by a statement that uses up {@link #once} with all else that it does, and tells {@link #spentBy}.
 */
public final class Unspent implements AccessTokens.Found {

    private final AccessTokens.Checked.Good good;
    private final UsedOnce.@Nullable Thing once;
    private final UsedOnce usedOnce;
    private volatile boolean spent;

    Unspent(AccessTokens.Checked.Good good, UsedOnce.@Nullable Thing once, UsedOnce usedOnce) {
        this.good = good;
        this.once = once;
        this.usedOnce = usedOnce;
    }

    public AccessGrant grant() {
        return good.grant();
    }

    /** As the wallet sent it: a secret. */
    public String token() {
        return good.token();
    }

    /** What is to be used up; empty for a bearer token, which has no proof. */
    public Optional<UsedOnce.Thing> once() {
        return Optional.ofNullable(once);
    }

    /** Uses up the proof by itself. */
    public Uni<AccessTokens.Checked> spend() {
        return once == null ? spentBy(UsedOnce.Use.FIRST) : usedOnce.use(once).chain(this::spentBy);
    }

    /** Whether the request may go on, after a statement that was to use up its proof. */
    public Uni<AccessTokens.Checked> spentBy(UsedOnce.Use use) {
        spent = true;
        return usedOnce.told(use).map(told -> AccessTokens.checked(good, told));
    }

    /** Of work by which the proof must be used up: without that it has failed, and when it has failed the proof is used up. */
    public <T> Uni<T> mustBeSpent(Supplier<Uni<T>> work) {
        return Uni.createFrom()
                .<T>deferred(work::get)
                .invoke(() -> {
                    if (!spent) {
                        throw new IllegalStateException("the proof is not used up");
                    }
                })
                .onFailure()
                // the failure is told, whatever becomes of this
                .call(() -> spend().onFailure().recoverWithNull());
    }

    @Override
    public String toString() {
        return "Unspent[" + good.grant() + "]";
    }
}
