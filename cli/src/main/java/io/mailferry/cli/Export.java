package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.Services;
import io.mailferry.cli.terminal.Figures;
import io.mailferry.cli.terminal.ProgressBar;
import io.mailferry.cli.terminal.ProgressBoard;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The planner's command that exports one mailbox, and what exporter-service says of the job behind it. */
final class Export implements Following.Work {
    /** The job only adds to what the planner tells, so it is not asked for each time. */
    private static final Duration JOB_ASKED_EVERY = Duration.ofSeconds(1);

    private final Services services;
    private final String command;
    private final Catalogue.Mailbox mailbox;
    private final ProgressBoard board;
    private final ProgressBar bar;
    private final Clock clock;
    private final Instant since;
    private final @Nullable Duration limit;

    private Optional<JobReport> job = Optional.empty();
    private @Nullable Instant jobAskedAt;
    private String causeTold = "";
    private String result = "";
    private boolean succeeded;

    /** @param limit how long it is followed; null: as long as its command may wait to be begun */
    Export(
            Services services,
            String command,
            Catalogue.Mailbox mailbox,
            ProgressBoard board,
            Clock clock,
            @Nullable Duration limit) {
        this.services = services;
        this.command = command;
        this.mailbox = mailbox;
        this.board = board;
        this.bar = board.add(mailbox.address());
        this.clock = clock;
        this.since = clock.instant();
        this.limit = limit;
    }

    @Override
    public boolean ended() {
        if (bar.ended()) {
            return true;
        }
        CommandReport report = CommandReport.of(services.planner().read("/commands/" + command));
        if (report.unknown()) {
            throw new RestFailure(0, "planner-service tells of a state that this version does not know; is it newer?");
        }
        if (report.succeeded()) {
            askForJob();
            succeed(report.outcome());
        } else if (report.failed()) {
            result = "failed: " + report.why();
            bar.failed(report.shortly());
        } else {
            goesOn(report);
        }
        return bar.ended();
    }

    private void succeed(JsonNode outcome) {
        long items = outcome.path("items").asLong();
        long skipped = CommandReport.skipped(outcome);
        succeeded = outcome.path("complete").asBoolean();
        result = Figures.count(items) + " items stored, " + Figures.count(skipped) + " skipped, "
                + Figures.bytes(outcome.path("sealedBytes").asLong()) + " in S3, "
                + (succeeded ? "complete" : "NOT complete") + ", restore point "
                + outcome.path("restorePoint").asText()
                + job.map(done -> "; " + Figures.bytes(done.bytes()) + " read from Exchange this time")
                        .orElse("");
        long bytes = job.map(JobReport::bytes).orElse(bar.bytes());
        bar.done(items, bytes, skipped == 0 ? "" : Figures.count(skipped) + " skipped");
    }

    private void goesOn(CommandReport report) {
        if (jobAskedAt == null || !clock.instant().isBefore(jobAskedAt.plus(JOB_ASKED_EVERY))) {
            askForJob();
        }
        if (report.moving()) {
            bar.moveTo(report.items(), report.bytes(), report.expectedItems());
        }
        Optional<JobReport> held = job.filter(JobReport::isHeld);
        held.ifPresentOrElse(this::tellWhatHolds, () -> {
            causeTold = "";
            long skipped = job.map(JobReport::skipped).orElse(0L);
            bar.remark(skipped == 0 ? "" : Figures.count(skipped) + " skipped");
        });
        boolean stands = held.isPresent() || !report.moving();
        Optional<Duration> over =
                limit != null ? Optional.of(limit) : report.lifetime().filter(_ -> stands);
        over.filter(most -> !clock.instant().isBefore(since.plus(most))).ifPresent(_ -> leave(held));
    }

    /** Once in full above the bars, and behind the bar when it is tried again. */
    private void tellWhatHolds(JobReport held) {
        String next = held.nextTry(clock.instant());
        if (!held.cause().equals(causeTold)) {
            causeTold = held.cause();
            String remedy = Explanation.of(held.cause()).remedy();
            board.say(mailbox.address() + ": " + Explanation.shortly(held.cause()) + "; " + next + "."
                    + (remedy.isEmpty() ? "" : " " + remedy));
        }
        bar.remark(next);
    }

    private void leave(Optional<JobReport> held) {
        result = "not backed up yet"
                + held.map(job -> ": " + Explanation.shortly(job.cause())).orElse("")
                + ". No longer followed after "
                + Figures.duration(Duration.between(since, clock.instant()))
                + "; the export goes on in the background. See its end with: mailferry restore-points "
                + mailbox.address();
        bar.failed("no longer followed");
    }

    private void askForJob() {
        jobAskedAt = clock.instant();
        services.exporter()
                .readOnce("/tenants/" + mailbox.tenant() + "/jobs?mailbox=" + mailbox.id())
                .ifPresent(jobs -> job = JobReport.of(jobs, command));
    }

    boolean succeeded() {
        return succeeded;
    }

    void report(PrintStream out) {
        out.println(mailbox.address() + ": " + result);
    }
}
