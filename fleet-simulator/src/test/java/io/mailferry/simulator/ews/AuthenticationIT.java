package io.mailferry.simulator.ews;

import static io.mailferry.simulator.ews.SimulatedExchange.MAILBOX;
import static io.mailferry.simulator.ews.SimulatedExchange.OTHER_MAILBOX;
import static io.mailferry.simulator.ews.SimulatedExchange.PASSWORD;
import static io.mailferry.simulator.ews.SimulatedExchange.USER;
import static io.mailferry.simulator.ews.SimulatedExchange.envelope;
import static io.mailferry.simulator.ews.SimulatedExchange.parse;
import static io.mailferry.simulator.ews.SimulatedExchange.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationIT {
    private static final String INBOX = "<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>"
            + "<m:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds></m:GetFolder>";

    private SimulatedExchange exchange;

    @BeforeAll
    void start() throws Exception {
        exchange = SimulatedExchange.start(20);
    }

    @AfterAll
    void stop() throws Exception {
        exchange.close();
    }

    @Test
    void asksForBasicCredentials() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope(MAILBOX, INBOX), null, null);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic realm="));
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        assertThat(exchange.post(envelope(MAILBOX, INBOX), USER, "wrong").statusCode())
                .isEqualTo(401);
    }

    @Test
    void letsTheServiceAccountImpersonate() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope(MAILBOX, INBOX), USER, PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/xml; charset=utf-8");
        assertThat(text(parse(answer.body()), "DisplayName")).isEqualTo("Inbox");
    }

    @Test
    void letsAnOwnerInWithoutImpersonation() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope(null, INBOX), MAILBOX, "own");
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("NoError");
    }

    @Test
    void deniesImpersonationToAnOwner() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope(OTHER_MAILBOX, INBOX), MAILBOX, "own");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorImpersonateUserDenied");
    }

    @Test
    void doesNotKnowAnUnknownMailbox() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope("nobody@tenant.example", INBOX), USER, PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorNonExistentMailbox");
    }

    @Test
    void serviceAccountHasNoMailboxOfItsOwn() throws Exception {
        HttpResponse<byte[]> answer = exchange.post(envelope(null, INBOX), USER, PASSWORD);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorMissingEmailAddress");
    }

    @Test
    void anItemOfAnotherMailboxIsNotFound() throws Exception {
        String foreign = exchange.truth().getFirst().get("itemId").asText();
        HttpResponse<byte[]> answer = exchange.post(
                envelope(OTHER_MAILBOX, SimulatedExchange.getItem(SimulatedExchange.WITH_MIME, foreign)),
                USER,
                PASSWORD);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorItemNotFound");
    }

    @Test
    void answersOverTlsWithItsOwnCertificate() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        byte[] pem = exchange.certificate.pem().getBytes(StandardCharsets.US_ASCII);
        trusted.setCertificateEntry(
                "simulator",
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        String credentials =
                Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(exchange.server.httpsUrl()))
                .header("Authorization", "Basic " + credentials)
                .POST(HttpRequest.BodyPublishers.ofString(envelope(MAILBOX, INBOX)))
                .build();
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(text(parse(answer.body()), "DisplayName")).isEqualTo("Inbox");
        }
    }

    @Test
    void tellsItsBuildInEveryAnswer() throws Exception {
        assertThat(SimulatedExchange.all(exchange.call(INBOX), "ServerVersionInfo")
                        .getFirst()
                        .getAttribute("MajorBuildNumber"))
                .isEqualTo("1473");
        exchange.control("POST", "/servers/EX01/build", "");
        assertThat(SimulatedExchange.all(exchange.call(INBOX), "ServerVersionInfo")
                        .getFirst()
                        .getAttribute("MajorBuildNumber"))
                .isEqualTo("1497");
        exchange.control("POST", "/servers/EX01/build", "{\"build\":\"15.0.1473.3\"}");
    }
}
