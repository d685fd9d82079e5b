package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.ProgressBar;
import io.mailferry.cli.terminal.ProgressBoard;
import io.mailferry.cli.terminal.Screen;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has restore-service read restore points back, every item of them. */
@Command(
        name = "verify",
        description = "Reads the newest restore point of each mailbox, or of one, back from S3 and checks every item.",
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MAILBOX", description = "A mail address; all known mailboxes if absent.")
    private @Nullable String address;

    @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's mailboxes.")
    private @Nullable String tenant;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Override
    public Integer call() {
        Services services = options.services();
        Screen screen = Screen.standard();
        ProgressBoard board = new ProgressBoard(screen, Clock.systemUTC());
        List<Verification> verifications = new ArrayList<>();
        for (Catalogue.Mailbox mailbox : new Catalogue(services.inventory()).mailboxes(tenant, address)) {
            JsonNode started = services.restore()
                    .post(
                            "/tenants/" + mailbox.tenant() + "/verifications",
                            RestClient.body().put("mailboxId", mailbox.id()));
            verifications.add(new Verification(
                    services.restore(),
                    services.restore().text(started, "jobId"),
                    mailbox.address(),
                    board.add(mailbox.address())));
        }
        Following.untilEnded(board, verifications);
        verifications.forEach(verification -> verification.report(screen.out()));
        long proven = verifications.stream()
                .filter(verification -> verification.proven)
                .count();
        if (verifications.size() > 1) {
            screen.out()
                    .println(Figures.count(proven) + " of " + Figures.count(verifications.size())
                            + " mailboxes verified"
                            + (proven == verifications.size()
                                    ? ""
                                    : ", " + Figures.count(verifications.size() - proven) + " NOT"));
        }
        return proven == verifications.size() ? 0 : 1;
    }

    /** One job of restore-service. */
    private static final class Verification implements Following.Work {
        private final RestClient restore;
        private final String job;
        private final String address;
        private final ProgressBar bar;
        private final List<String> damages = new ArrayList<>();
        private String result = "";
        private boolean proven;

        private Verification(RestClient restore, String job, String address, ProgressBar bar) {
            this.restore = restore;
            this.job = job;
            this.address = address;
            this.bar = bar;
        }

        @Override
        public boolean ended() {
            if (bar.ended()) {
                return true;
            }
            JsonNode view = restore.read("/verifications/" + job);
            long items = view.path("items").asLong();
            long bytes = view.path("bytes").asLong();
            switch (view.path("state").asText()) {
                case "queued" -> {
                    return false;
                }
                case "running" ->
                    bar.moveTo(items, bytes, view.path("expectedItems").asLong());
                case "proven" -> {
                    bar.moveTo(items, bytes, items);
                    bar.done(items, bytes, "");
                    proven = view.path("complete").asBoolean();
                    result = counts(view) + (proven ? ", complete" : ", NOT complete: " + words(view));
                }
                case "damaged" -> {
                    bar.failed(view.path("damaged").asLong() + " damaged");
                    result = counts(view) + ", " + view.path("damaged").asLong() + " DAMAGED";
                    view.path("damages")
                            .forEach(damage -> damages.add("  "
                                    + damage.path("object").asText() + ": "
                                    + damage.path("cause").asText()
                                    + (damage.path("item").isTextual()
                                            ? ", item " + damage.path("item").asText()
                                            : "")));
                }
                case "failed" -> {
                    String cause = view.path("cause").asText();
                    result = "could not be verified: "
                            + Explanation.fully(cause, view.path("category").asText(""));
                    bar.failed(Explanation.shortly(cause));
                }
                default ->
                    throw new RestFailure(
                            0, "restore-service tells of a state that this version does not know; is it newer?");
            }
            return bar.ended();
        }

        private static String counts(JsonNode view) {
            return Figures.count(view.path("items").asLong()) + " items ("
                    + Figures.bytes(view.path("bytes").asLong()) + ") read back and right, "
                    + Figures.count(view.path("skipped").asLong()) + " skipped";
        }

        private static String words(JsonNode view) {
            List<String> words = new ArrayList<>();
            view.path("incompleteBecause").forEach(word -> words.add(word.asText()));
            return String.join(", ", words);
        }

        private void report(PrintStream out) {
            out.println(address + ": " + result);
            damages.forEach(out::println);
        }
    }
}
