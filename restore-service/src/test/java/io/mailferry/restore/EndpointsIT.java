package io.mailferry.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.access.EveryEndpoint;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.restorepoint.GoldenMailbox;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every endpoint of the service, whichever there are, called by those who may and who may not. */
@QuarkusTest
@QuarkusTestResource(RestoreParts.class)
class EndpointsIT {
    @TestHTTPResource("/")
    URI base;

    private final TenantId tenant = TenantId.of(RestoreParts.TENANT_OF_ONE);
    private ObjectStore store;

    @Test
    void answersNobodyWhoMayNot() throws IOException {
        GoldenMailbox mailbox = mailbox();
        String restorePoint = mailbox.end(GoldenMailbox.INBOX).toString();
        String existing = mailbox.place.mailbox().toString();
        EveryEndpoint.Callers callers = new EveryEndpoint.Callers(
                RestoreParts.TOKEN_OF_OWN,
                RestoreParts.TOKEN_OF_FOREIGN,
                RestoreParts.TOKEN_OF_NO_ROLE,
                RestoreParts.TOKENS_OF_ROLES);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            EveryEndpoint endpoints = new EveryEndpoint(base, http);

            assertThat(endpoints.openToAll()).isEmpty();
            assertThat(endpoints.violations(
                            callers,
                            Map.of(
                                    "tenant",
                                    tenant.toString(),
                                    "mailbox",
                                    existing,
                                    "restorePoint",
                                    restorePoint,
                                    "job",
                                    verification(existing))))
                    .isEmpty();
        }
    }

    /** One that was begun. */
    private GoldenMailbox mailbox() throws IOException {
        store = new ObjectStore(StoreSettings.of(
                URI.create(setting("MAILFERRY_S3_ENDPOINT")),
                setting("MAILFERRY_S3_BUCKET"),
                setting("MAILFERRY_S3_ACCESS_KEY"),
                setting("MAILFERRY_S3_SECRET_KEY"),
                setting("MAILFERRY_S3_REGION")));
        TenantKeys keys = TenantKeys.open(Path.of(setting("MAILFERRY_KEYS_DIRECTORY")), true);
        Path folder = Path.of(setting("MAILFERRY_SCRATCH_DIRECTORY") + "-of-endpoints");
        GoldenMailbox mailbox = new GoldenMailbox(store, keys.keyEncryption(tenant), tenant, folder);
        mailbox.begin();
        mailbox.page(GoldenMailbox.INBOX, page -> mailbox.content(page, GoldenMailbox.INBOX, "a", 1_000, false));
        return mailbox;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    /** The id of one that exists. */
    private String verification(String mailbox) {
        try (Outside outside = new Outside(base)) {
            return outside.json(outside.post(
                            "/api/v1/tenants/" + tenant + "/verifications",
                            RestoreParts.TOKEN_OF_OWN,
                            "{\"mailboxId\":\"" + mailbox + "\"}"))
                    .get("jobId")
                    .asText();
        }
    }
}
