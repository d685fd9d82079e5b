package io.mailferry.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.cli.rest.RestClient;
import io.mailferry.cli.rest.Services;
import io.mailferry.stack.StackFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Exports and verifies the mailboxes that need no plan, as an operator would by hand. */
final class OnDemand {
    private final Services services;
    private final Consumer<String> tell;
    private final List<Wanted> wanted = new ArrayList<>();

    OnDemand(Services services, Consumer<String> tell) {
        this.services = services;
        this.tell = tell;
    }

    /** @param tenant the id */
    void add(String tenant, Ferried mailbox) {
        tell.accept(mailbox.tenant() + ": " + mailbox.address() + " needs no transition; it is backed up on demand");
        Wanted export = new Wanted(tenant, mailbox);
        export.command = services.planner()
                .post("/tenants/" + tenant + "/exports", RestClient.body().put("mailboxId", mailbox.mailboxId()))
                .path("commandId")
                .asText();
        wanted.add(export);
    }

    /** @throws StackFailure if one of them failed */
    void look() {
        wanted.stream().filter(each -> !each.mailbox.isVerified()).forEach(this::look);
    }

    private void look(Wanted each) {
        if (each.verification.isEmpty()) {
            lookAtExport(each);
            return;
        }
        JsonNode view = services.restore().read("/verifications/" + each.verification);
        switch (view.path("state").asText()) {
            case "proven", "damaged" -> each.mailbox.verified(view);
            case "failed" ->
                throw new StackFailure(each.mailbox.address() + " could not be verified: "
                        + view.path("cause").asText());
            default -> each.verification = view.path("jobId").asText();
        }
    }

    private void lookAtExport(Wanted each) {
        JsonNode command = services.planner().read("/commands/" + each.command);
        each.mailbox.exporting(command.path("progress"));
        switch (command.path("state").asText()) {
            case "SUCCEEDED" -> {
                each.mailbox.exported(command.path("outcome"));
                each.verification = services.restore()
                        .post(
                                "/tenants/" + each.tenant + "/verifications",
                                RestClient.body().put("mailboxId", each.mailbox.mailboxId()))
                        .path("jobId")
                        .asText();
            }
            case "FAILED", "REJECTED", "CANCELLED", "EXPIRED" ->
                throw new StackFailure(each.mailbox.address() + " could not be exported: "
                        + command.path("failure").path("cause").asText());
            default -> each.command = command.path("command").asText();
        }
    }

    private static final class Wanted {
        private final String tenant;
        private final Ferried mailbox;
        private String command = "";
        private String verification = "";

        private Wanted(String tenant, Ferried mailbox) {
            this.tenant = tenant;
            this.mailbox = mailbox;
        }
    }
}
