package io.mailferry.cli.signin;

import io.mailferry.cli.rest.RestFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The access token of a kept sign-in, renewed shortly before it ends, also in the midst of a long command. */
public final class KeptToken implements Supplier<String> {
    private static final Duration BEFORE_END = Duration.ofSeconds(30);
    private static final String ENDED = "The sign-in has ended. Sign in anew: mailferry login";

    private final SignInFile file;
    private final boolean insecureHttp;
    private final InstantSource clock;
    private SignIn.Granted known;

    public KeptToken(SignInFile file, SignIn.Granted known, boolean insecureHttp, InstantSource clock) {
        this.file = file;
        this.known = known;
        this.insecureHttp = insecureHttp;
        this.clock = clock;
    }

    @Override
    public synchronized String get() {
        if (ends(known)) {
            known = file.alone(this::renewed);
        }
        return known.access();
    }

    private boolean ends(SignIn.Granted granted) {
        return granted.endsBefore(clock.instant().plus(BEFORE_END));
    }

    private SignIn.Granted renewed() {
        SignIn kept = file.read().orElseThrow(() -> new RestFailure(0, ENDED));
        SignIn.Granted latest = kept.oidc();
        if (latest == null) {
            throw new RestFailure(0, ENDED);
        }
        if (!ends(latest)) {
            // Another command was quicker.
            return latest;
        }
        String refresh = latest.refresh();
        if (refresh == null) {
            throw new RestFailure(0, ENDED);
        }
        return switch (new Provider(latest.provider(), latest.client(), insecureHttp, clock).renewed(refresh)) {
            case Provider.Answer.Given(SignIn.Granted granted) -> {
                file.write(kept.with(granted));
                yield granted;
            }
            case Provider.Answer.Refused _, Provider.Answer.NotYet _, Provider.Answer.Slower _ ->
                throw new RestFailure(0, ENDED);
        };
    }

    /** Has the provider forget the sign-in, where it can. */
    public static void forget(SignIn.Granted granted, boolean insecureHttp) {
        String refresh = granted.refresh();
        if (refresh != null) {
            new Provider(granted.provider(), granted.client(), insecureHttp, InstantSource.system()).revoke(refresh);
        }
    }
}
