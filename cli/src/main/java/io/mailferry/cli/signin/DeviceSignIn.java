package io.mailferry.cli.signin;

import io.mailferry.cli.rest.RestFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Signs in by the device grant: the person confirms a code in any browser, on this machine or another. */
public final class DeviceSignIn {
    private static final Duration SLOWER = Duration.ofSeconds(5);

    private DeviceSignIn() {}

    /**
     * @param told where the person reads what to do
     * @throws RestFailure if it is refused, or nobody confirms it in the time that the provider gives
     */
    public static SignIn.Granted at(
            String url, String client, boolean insecureHttp, InstantSource clock, PrintWriter told) {
        Provider provider = new Provider(url, client, insecureHttp, clock);
        Provider.Device device = provider.device();
        told.println("Open " + device.page());
        told.println("and confirm the code " + device.userCode() + ". Waiting…");
        told.flush();
        Instant until = clock.instant().plus(device.expiresIn());
        Duration interval = device.interval();
        while (clock.instant().isBefore(until)) {
            pause(interval);
            switch (provider.tokens(device)) {
                case Provider.Answer.Given(SignIn.Granted granted) -> {
                    return granted;
                }
                case Provider.Answer.NotYet() -> {}
                case Provider.Answer.Slower() -> interval = interval.plus(SLOWER);
                case Provider.Answer.Refused(String word) ->
                    throw new RestFailure(0, "The sign-in was refused: " + word + ". Try again: mailferry login");
            }
        }
        throw new RestFailure(0, "Nobody confirmed the code in time. Try again: mailferry login");
    }

    private static void pause(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure(0, "Interrupted while waiting for the confirmation.");
        }
    }
}
