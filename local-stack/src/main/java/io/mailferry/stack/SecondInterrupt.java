package io.mailferry.stack;

import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while the JVM is ending already because of a first one, which the JVM itself would take no notice of. Signals
 * can be heard through {@code sun.misc.Signal} only, which the compiler does not let us name.
 */
final class SecondInterrupt {
    private static final int EXIT_CODE = 130;
    /** One press may send the signal twice, to a process and to its group. */
    private static final long SAME_PRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private SecondInterrupt() {}

    /** From now on Ctrl-C runs this and ends the JVM on the spot. */
    static void await(Runnable kill) {
        long first = System.nanoTime();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> listener = Class.forName("sun.misc.SignalHandler");
            Object listening = Proxy.newProxyInstance(
                    listener.getClassLoader(), new Class<?>[] {listener}, (proxy, method, args) -> {
                        if (method.getName().equals("handle") && System.nanoTime() - first > SAME_PRESS_NANOS) {
                            kill.run();
                            Runtime.getRuntime().halt(EXIT_CODE);
                        }
                        return null;
                    });
            var unused = signal.getMethod("handle", signal, listener)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), listening);
        } catch (ReflectiveOperationException e) {
            // Another JVM than the one we know: then the first Ctrl-C has to do.
            return;
        }
    }
}
