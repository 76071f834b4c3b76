package city.madang.journey;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import kotlin.Result;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlin.jvm.internal.DefaultConstructorMarker;
import kotlinx.coroutines.BuildersKt;
import org.jspecify.annotations.Nullable;

/**
 * What Java cannot say to a library in Kotlin: functions that suspend, and those whose names or constructors the compiler has made its
 * own because a value class is among their parameters.
 */
final class Kotlin {

    private Kotlin() {}

    /** A call of a function that suspends. */
    @FunctionalInterface
    interface Suspending<T> {
        @Nullable
        Object call(Continuation<Object> continuation) throws Throwable;
    }

    /** Waits for a function that suspends. */
    @SuppressWarnings("unchecked")
    static <T> T await(Suspending<T> call) {
        try {
            return (T) BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE, (scope, continuation) -> {
                try {
                    return call.call((Continuation<Object>) (Continuation<?>) continuation);
                } catch (Throwable thrown) {
                    throw Kotlin.<RuntimeException>asItIs(thrown);
                }
            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new JourneyFailed("interrupted");
        }
    }

    /** Waits for a function that suspends, by its name in the source. */
    static <T> T await(Object target, String name, @Nullable Object... arguments) {
        return await(continuation -> {
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = continuation;
            return invoke(target, name, all);
        });
    }

    /** Calls a function by its name in the source. */
    @SuppressWarnings("unchecked")
    static <T> T call(Object target, String name, @Nullable Object... arguments) {
        try {
            return (T) invoke(target, name, arguments);
        } catch (Throwable thrown) {
            throw Kotlin.<RuntimeException>asItIs(thrown);
        }
    }

    /** Constructs what has a value class among its parameters: as which its only member is given. */
    @SuppressWarnings("unchecked")
    static <T> T make(Class<T> type, @Nullable Object... arguments) {
        for (Constructor<?> each : type.getDeclaredConstructors()) {
            Class<?>[] parameters = each.getParameterTypes();
            if (parameters.length == arguments.length + 1
                    && parameters[arguments.length] == DefaultConstructorMarker.class) {
                try {
                    return (T) each.newInstance(Arrays.copyOf(arguments, arguments.length + 1));
                } catch (InvocationTargetException thrown) {
                    throw Kotlin.<RuntimeException>asItIs(thrown.getCause());
                } catch (ReflectiveOperationException closed) {
                    throw new IllegalStateException(closed);
                }
            }
        }
        throw new IllegalArgumentException("no such constructor of " + type);
    }

    /** An instance of a value class, where one stands in a collection. */
    static Object boxed(Class<?> type, Object member) {
        for (Method each : type.getDeclaredMethods()) {
            if (each.getName().equals("box-impl")) {
                try {
                    return each.invoke(null, member);
                } catch (ReflectiveOperationException closed) {
                    throw new IllegalStateException(closed);
                }
            }
        }
        throw new IllegalArgumentException(type + " is no value class");
    }

    /** What a function that answers a {@code kotlin.Result} has come to: its value, or what it failed with is thrown. */
    @SuppressWarnings("unchecked")
    static <T> T orThrow(@Nullable Object result) {
        Object inner = result instanceof Result<?> ? call(result, "unbox-impl") : result;
        ResultKt.throwOnFailure(inner);
        return (T) inner;
    }

    private static @Nullable Object invoke(Object target, String name, @Nullable Object... arguments) throws Throwable {
        for (Method each : target.getClass().getMethods()) {
            if ((each.getName().equals(name) || each.getName().startsWith(name + "-"))
                    && !each.getName().endsWith("$default")
                    && fits(each.getParameterTypes(), arguments)) {
                each.setAccessible(true);
                try {
                    return each.invoke(target, arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            }
        }
        throw new IllegalArgumentException(target.getClass() + " has no " + name);
    }

    private static boolean fits(Class<?>[] parameters, @Nullable Object... arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (arguments[i] != null && !parameters[i].isPrimitive() && !parameters[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
