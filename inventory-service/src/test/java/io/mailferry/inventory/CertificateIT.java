package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that show a certificate in the place of a bearer credential, over real TLS. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class CertificateIT {
    private static final TestedCertificate CERTIFICATE = TestedCertificate.make();
    private static final TestedCertificate ANOTHER = TestedCertificate.make();

    @TestHTTPResource("/")
    URI plain;

    @TestHTTPResource(value = "/", tls = true)
    URI tls;

    private final AgentApi api = new AgentApi();
    private final UUID boot = UUID.randomUUID();
    private Rest rest;
    private Rest withCertificate;
    private Rest withAnother;
    private Rest withNone;
    private TestedTenant tenant;
    private long sequence;

    @BeforeEach
    void connections() {
        rest = new Rest(plain);
        withCertificate = new Rest(tls, CERTIFICATE.towards(RealParts.GATEWAY));
        withAnother = new Rest(tls, ANOTHER.towards(RealParts.GATEWAY));
        withNone = new Rest(tls, TestedCertificate.withoutOneTowards(RealParts.GATEWAY));
        tenant = TestedTenant.create(rest);
        // Each test binds the same two anew.
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET credential_sha256 = 'gone:' || agent, previous_credential_sha256 = NULL"
                                + " WHERE credential_sha256 LIKE 'x509:%' OR previous_credential_sha256 LIKE 'x509:%'"));
    }

    @Test
    void enrolsByTheCertificateOfTheConnectionAndReportsByItAlone() throws Exception {
        Answer enrolled = enrol(withCertificate, tenant.enrolmentToken());

        assertThat(enrolled.status()).as(enrolled.body().toString()).isEqualTo(201);
        assertThat(api.violationsOfAnswer("enrol", enrolled)).isEmpty();
        assertThat(enrolled.body().path("credential").isNull()).isTrue();
        assertThat(Instant.parse(enrolled.text("credentialExpiresAt")))
                .isEqualTo(CERTIFICATE.certificate().getNotAfter().toInstant());
        String agent = enrolled.text("agentId");
        assertThat(beat(withCertificate, null, agent).status()).isEqualTo(200);
        assertThat(beat(withCertificate, null, agent).status()).isEqualTo(200);
        assertThat(beat(withAnother, null, agent).status()).isEqualTo(401);
        assertThat(beat(withNone, null, agent).status()).isEqualTo(401);
        assertThat(beat(rest, null, agent).status()).isEqualTo(401);
        assertThat(beat(withCertificate, null, tenant.enrol().id.toString()).status())
                .isEqualTo(404);
        assertThat(statusByHeader(agent)).isEqualTo(401);
        // Its hash and its number are no bearer credential either.
        String kept = Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.list(
                                connection,
                                "SELECT credential_sha256 FROM inventory.agent WHERE agent = '" + agent + "'")
                        .getFirst());
        assertThat(beat(rest, kept, agent).status()).isEqualTo(401);
    }

    /** A certificate that a header claims, in the names that proxies use. */
    private int statusByHeader(String agent) throws IOException, InterruptedException {
        String pem = CERTIFICATE.certificatePem().replace("\n", "");
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(plain.resolve(path(agent, "heartbeat")))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(20))
                    .POST(HttpRequest.BodyPublishers.ofString(heartbeat().toString()));
            for (String name :
                    List.of("X-Forwarded-Client-Cert", "X-SSL-Client-Cert", "ssl-client-cert", "Client-Cert")) {
                request.header(name, pem);
            }
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void keepsTheBearerUntilTheCertificateIsUsed() {
        TestedAgent agent = tenant.enrol();
        String id = agent.id.toString();
        assertThat(isByCertificate(id)).isFalse();

        Answer bound = bind(withCertificate, agent.credential, id);

        assertThat(isByCertificate(id)).isTrue();

        assertThat(bound.status()).as(bound.body().toString()).isEqualTo(201);
        assertThat(api.violationsOfAnswer("bind", bound)).isEmpty();
        assertThat(agent.send(agent.next("h")).status()).isEqualTo(200);
        assertThat(bind(withCertificate, agent.credential, id).status()).isEqualTo(201);
        agent.bootId = boot;
        sequence = 100;
        assertThat(beat(withCertificate, null, id).status()).isEqualTo(200);
        assertThat(agent.send(agent.next("h")).status()).isEqualTo(401);
        assertThat(bind(withAnother, agent.credential, id).status()).isEqualTo(401);
        assertThat(beat(withCertificate, null, id).status()).isEqualTo(200);
    }

    private boolean isByCertificate(String agent) {
        return rest.get(RealParts.VIEWER, "/api/v1/agents/" + agent)
                .body()
                .path("byCertificate")
                .booleanValue();
    }

    @Test
    void isNotToldTwoThingsOfWhoIsCalling() {
        String agent = enrol(withCertificate, tenant.enrolmentToken()).text("agentId");
        TestedAgent other = tenant.enrol();
        String before = rows(agent, other.id.toString());

        Answer conflict = beat(withCertificate, other.credential, other.id.toString());
        assertThat(conflict.status()).isEqualTo(400);
        assertThat(conflict.text("field")).isEqualTo("Authorization");
        assertThat(api.violationsOfAnswer("heartbeat", conflict)).isEmpty();
        assertThat(beat(withCertificate, other.credential, agent).status()).isEqualTo(400);
        Answer renewal = renew(withCertificate, other.credential, other.id.toString());
        assertThat(renewal.status()).isEqualTo(400);
        assertThat(api.violationsOfAnswer("renew", renewal)).isEmpty();
        assertThat(rows(agent, other.id.toString())).isEqualTo(before);
        // A bearer credential and no certificate is a bearer credential, by TLS or without.
        assertThat(beat(withNone, other.credential, other.id.toString()).status())
                .isEqualTo(200);
        assertThat(beat(withCertificate, null, agent).status()).isEqualTo(200);
    }

    private static String rows(String agent, String other) {
        return Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.list(
                                connection,
                                "SELECT (to_jsonb(a) - 'presence')::text FROM inventory.agent a WHERE agent IN ('"
                                        + agent + "', '" + other + "') ORDER BY agent")
                        .toString());
    }

    @Test
    void refusesARevokedAndAnExpiredCertificateFromTheNextRequestOn() {
        String revoked = enrol(withCertificate, tenant.enrolmentToken()).text("agentId");
        assertThat(beat(withCertificate, null, revoked).status()).isEqualTo(200);
        assertThat(rest.delete(RealParts.ADMIN, "/api/v1/agents/" + revoked).status())
                .isEqualTo(204);
        // On the connection that is open already.
        assertThat(beat(withCertificate, null, revoked).status()).isEqualTo(401);
        assertThat(renew(withCertificate, null, revoked).status()).isEqualTo(401);

        String expired = enrol(withAnother, tenant.enrolmentToken()).text("agentId");
        assertThat(beat(withAnother, null, expired).status()).isEqualTo(200);
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET credential_expires_at = now() - interval '1 second' WHERE agent = '"
                                + expired + "'"));
        assertThat(beat(withAnother, null, expired).status()).isEqualTo(401);
    }

    @Test
    void renewsByABearerInBetween() {
        String agent = enrol(withCertificate, tenant.enrolmentToken()).text("agentId");
        Answer between = renew(withCertificate, null, agent);
        assertThat(between.status()).isEqualTo(201);
        assertThat(beat(withCertificate, null, agent).status()).isEqualTo(200);

        Answer bound = bind(withAnother, between.text("credential"), agent);

        assertThat(bound.status()).as(bound.body().toString()).isEqualTo(201);
        assertThat(beat(withCertificate, null, agent).status()).isEqualTo(401);
        assertThat(beat(withAnother, null, agent).status()).isEqualTo(200);
        assertThat(renew(rest, between.text("credential"), agent).status()).isEqualTo(401);
    }

    @Test
    void givesOneCertificateToOneAgentOnly() {
        String first = enrol(withCertificate, tenant.enrolmentToken()).text("agentId");
        TestedTenant stranger = TestedTenant.create(rest);
        String token = token(stranger, null);

        Answer taken = enrol(withCertificate, token);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(api.violationsOfAnswer("enrol", taken)).isEmpty();
        // The token has kept its one use.
        String second = enrol(withAnother, token).text("agentId");
        String bearer = renew(withAnother, null, second).text("credential");
        // Not even while it stands as the one that was renewed.
        assertThat(enrol(withAnother, tenant.enrolmentToken()).status()).isEqualTo(409);
        Answer refused = bind(withCertificate, bearer, second);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(api.violationsOfAnswer("bind", refused)).isEmpty();
        assertThat(beat(rest, bearer, second).status()).isEqualTo(200);
        assertThat(beat(withCertificate, null, first).status()).isEqualTo(200);

        rest.delete(RealParts.ADMIN, "/api/v1/agents/" + first);
        String back = token(tenant, first);
        // Whoever stole its key has the certificate too.
        assertThat(enrol(withCertificate, back).status()).isEqualTo(409);
        assertThat(enrol(withCertificate, tenant.enrolmentToken()).status()).isEqualTo(409);
        Rest fresh = new Rest(tls, TestedCertificate.make().towards(RealParts.GATEWAY));
        Answer again = enrol(fresh, back);
        assertThat(again.text("agentId")).isEqualTo(first);
        assertThat(beat(fresh, null, first).status()).isEqualTo(200);
    }

    @Test
    void bindsNoCertificateThatIsNoneOrTooWeakOrOver() {
        TestedAgent agent = tenant.enrol();
        String id = agent.id.toString();
        Rest weak = new Rest(
                tls,
                TestedCertificate.make(List.of("-keyalg", "RSA", "-keysize", "1024"), "-validity", "30")
                        .towards(RealParts.GATEWAY));
        Rest over = new Rest(
                tls,
                TestedCertificate.make(TestedCertificate.EC, "-startdate", "-3d", "-validity", "1")
                        .towards(RealParts.GATEWAY));

        for (Rest unfit : List.of(rest, withNone, weak, over)) {
            Answer refused = bind(unfit, agent.credential, id);
            assertThat(refused.status()).as(refused.body().toString()).isEqualTo(400);
            assertThat(refused.text("field")).isEqualTo("certificate");
            assertThat(enrol(unfit, tenant.enrolmentToken()).text("field")).isEqualTo("certificate");
        }
        assertThat(bind(withCertificate, null, id).status()).isEqualTo(401);
        assertThat(bind(withCertificate, "unknown", id).status()).isEqualTo(401);
        assertThat(bind(withCertificate, tenant.enrol().credential, id).status())
                .isEqualTo(404);
        assertThat(agent.send(agent.next("h")).status()).isEqualTo(200);
    }

    @Test
    void isNotGoodForLongerThanIsPermitted() {
        TestedCertificate lasting =
                TestedCertificate.make(List.of("-keyalg", "RSA", "-keysize", "2048"), "-validity", "3650");

        Answer enrolled = enrol(new Rest(tls, lasting.towards(RealParts.GATEWAY)), tenant.enrolmentToken());

        assertThat(enrolled.status()).as(enrolled.body().toString()).isEqualTo(201);
        Instant now = Instant.now();
        Instant expires = Instant.parse(enrolled.text("credentialExpiresAt"));
        assertThat(expires).isBetween(now.plus(Duration.ofDays(396)), now.plus(Duration.ofDays(398)));
        assertThat(Instant.parse(enrolled.text("renewFrom"))).isBetween(now.plus(Duration.ofDays(260)), expires);
    }

    @Test
    void givesNobodyAnOperatorsRights() {
        enrol(withCertificate, tenant.enrolmentToken());

        assertThat(withCertificate.get(null, "/api/v1/tenants").status()).isEqualTo(401);
        assertThat(withCertificate.get(RealParts.VIEWER, "/api/v1/tenants").status())
                .isEqualTo(200);
    }

    private Answer enrol(Rest connection, String token) {
        ObjectNode introduction = TestedAgent.introduction(token, boot).put("certificate", true);
        return connection.post(null, "/api/v1/agents/enrol", introduction);
    }

    private String token(TestedTenant of, @Nullable String agent) {
        ObjectNode wanted = Rest.MAPPER.createObjectNode();
        if (agent != null) {
            wanted.put("agentId", agent);
        }
        return rest.post(RealParts.ADMIN, of.path("/enrolment-tokens"), wanted).text("token");
    }

    private static Answer bind(Rest connection, @Nullable String credential, String agent) {
        return connection.post(credential, path(agent, "certificate"), new byte[0]);
    }

    private static Answer renew(Rest connection, @Nullable String credential, String agent) {
        return connection.post(credential, path(agent, "credential"), new byte[0]);
    }

    private Answer beat(Rest connection, @Nullable String credential, String agent) {
        return connection.post(
                credential, path(agent, "heartbeat"), heartbeat().toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode heartbeat() {
        return Rest.MAPPER
                .createObjectNode()
                .put("sequence", ++sequence)
                .put("bootId", boot.toString())
                .put("sentAt", Instant.now().toString())
                .put("statusHash", "h");
    }

    private static String path(String agent, String below) {
        return "/api/v1/agents/" + agent + "/" + below;
    }
}
