package io.mailferry.stack.demo;

import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.terminal.Screen;
import io.mailferry.stack.AtExit;
import io.mailferry.stack.StackFailure;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a demo ends, whatever becomes of it: with its last line, which tells what is known by then, and not with exit code
 * 0 unless all went well. After a signal the line comes at once, before anything is stopped, and the JVM gives the
 * signal's exit code.
 */
final class Ending {
    /** A demo's state is of no use to anybody after Ctrl-C, so nothing is waited for until it has drained. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);

    private final Curtain curtain;
    private final Screen screen;
    private final InstantSource clock;
    private final Instant began;
    private final AutoCloseable lastLine = this::tellLastLine;
    private volatile Tally known = Tally.NOTHING;
    private boolean told;

    Ending(Screen standard, Charset charset, InstantSource clock) {
        this.curtain = new Curtain(standard.out());
        this.screen = new Screen(
                new PrintStream(curtain, true, charset),
                standard.isTerminal(),
                standard.width(),
                standard.unicode(),
                standard.colours());
        this.clock = clock;
        this.began = clock.instant();
    }

    /** Where everything is to be said. */
    Screen screen() {
        return screen;
    }

    Duration elapsed() {
        return Duration.between(began, clock.instant());
    }

    /**
     * Runs the demo to its last line.
     *
     * @param demo is given who hears how the sums stand
     * @return the exit code
     */
    int of(Function<Consumer<Tally>, Tally> demo) {
        AtExit.close(lastLine);
        AtExit.whenEnding(this::interrupted);
        AtExit.endWithin(STOP_PATIENCE);
        boolean isRight = false;
        try {
            known = demo.apply(tally -> known = tally);
            isRight = known.isRight();
        } catch (RuntimeException | Error e) {
            if (!AtExit.isEnding()) {
                say(e);
            }
        }
        if (AtExit.isEnding()) {
            // What failed, failed because it is being stopped. Who stops it has told the last line.
            return 1;
        }
        tellLastLine();
        AtExit.forget(lastLine);
        return isRight ? 0 : 1;
    }

    private void say(Throwable failure) {
        screen.out().println();
        if (failure instanceof StackFailure || failure instanceof RestFailure) {
            screen.out().println(screen.bad("The demo failed: ") + failure.getMessage());
            for (Throwable other : failure.getSuppressed()) {
                screen.out().println(other.getMessage());
            }
            return;
        }
        // A defect of ours, so its place is needed.
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        screen.out()
                .println(screen.bad("The demo failed unexpectedly: ")
                        + trace.toString().strip());
    }

    private synchronized void tellLastLine() {
        if (!told) {
            told = true;
            screen.out().println(known.lastLine(elapsed()));
            screen.out().flush();
        }
    }

    private synchronized void interrupted() {
        if (!told) {
            curtain.hold();
            screen.out().println();
            screen.out().println("Interrupted; stopping everything.");
            tellLastLine();
        }
    }
}
