package io.mailferry.simulator.ews;

import static io.mailferry.simulator.ews.SimulatedExchange.WITH_MIME;
import static io.mailferry.simulator.ews.SimulatedExchange.all;
import static io.mailferry.simulator.ews.SimulatedExchange.getItem;
import static io.mailferry.simulator.ews.SimulatedExchange.parse;
import static io.mailferry.simulator.ews.SimulatedExchange.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class FaultIT {
    private SimulatedExchange exchange;
    private String request;

    @BeforeEach
    void start() throws Exception {
        exchange = SimulatedExchange.start(20);
        request = getItem(WITH_MIME, exchange.truth().getFirst().get("itemId").asText());
    }

    @AfterEach
    void stop() throws Exception {
        exchange.close();
    }

    private void fault(String rule) throws Exception {
        assertThat(exchange.controlAnswer("POST", "/servers/EX01/faults", rule).statusCode())
                .isEqualTo(200);
    }

    @Test
    void busyIsASoapFaultWithItsBackOffForAsManyRequestsAsSaid() throws Exception {
        fault("{\"kind\": \"busy\", \"backOffMilliseconds\": 4321, \"requests\": 2}");
        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> answer = exchange.post(request);
            assertThat(answer.statusCode()).isEqualTo(500);
            Document fault = parse(answer.body());
            assertThat(text(fault, "ResponseCode")).isEqualTo("ErrorServerBusy");
            assertThat(all(fault, "Value").getFirst().getAttribute("Name")).isEqualTo("BackOffMilliseconds");
            assertThat(text(fault, "Value")).isEqualTo("4321");
        }
        assertThat(exchange.post(request).statusCode()).isEqualTo(200);
    }

    @Test
    void busyMayComeInside200() throws Exception {
        fault("{\"kind\": \"busyInAnswer\", \"backOffMilliseconds\": 99, \"requests\": 1}");
        HttpResponse<byte[]> answer = exchange.post(request);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorServerBusy");
        assertThat(text(parse(answer.body()), "Value")).isEqualTo("99");
    }

    @Test
    void anyResponseCodeCanBeAskedFor() throws Exception {
        fault("{\"kind\": \"errorInAnswer\", \"code\": \"ErrorMailboxMoveInProgress\", \"requests\": 1}");
        assertThat(text(exchange.call(request), "ResponseCode")).isEqualTo("ErrorMailboxMoveInProgress");
    }

    @Test
    void unavailableSaysWhenToRetry() throws Exception {
        fault("{\"kind\": \"unavailable\", \"retryAfterSeconds\": 7, \"requests\": 1}");
        HttpResponse<byte[]> answer = exchange.post(request);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void resetBreaksTheConnectionInMidAnswer() throws Exception {
        fault("{\"kind\": \"reset\", \"afterBytes\": 600, \"operation\": \"GetItem\", \"requests\": 1}");
        assertThatThrownBy(() -> exchange.post(request)).isInstanceOf(IOException.class);
        assertThat(exchange.post(request).statusCode()).isEqualTo(200);
    }

    @Test
    void aSlowAnswerIsWholeAllTheSame() throws Exception {
        byte[] normal = exchange.post(request).body();
        fault("{\"kind\": \"slow\", \"bytesPerSecond\": 200000, \"requests\": 1}");
        assertThat(exchange.post(request).body()).isEqualTo(normal);
        assertThat(exchange.control("GET", "/servers/EX01/faults", "").get("EX01"))
                .isEmpty();
    }

    @Test
    void aFaultOfOneOperationSparesOthers() throws Exception {
        fault("{\"kind\": \"unavailable\", \"retryAfterSeconds\": 1, \"operation\": \"FindItem\"}");
        assertThat(exchange.post(request).statusCode()).isEqualTo(200);
        exchange.control("DELETE", "/servers/EX01/faults", "");
        assertThat(exchange.control("GET", "/requests", "")
                        .get("EX01")
                        .get("GetItem")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aProbableFaultStrikesSome() throws Exception {
        fault("{\"kind\": \"unavailable\", \"retryAfterSeconds\": 1, \"probability\": 0.5}");
        int struck = 0;
        for (int i = 0; i < 100; i++) {
            struck += exchange.post(request).statusCode() == 503 ? 1 : 0;
        }
        // The faults' chance is seeded, so this is the same number each time.
        assertThat(struck).isBetween(30, 70);
    }

    @Test
    void anUnknownFaultIsRefused() throws Exception {
        assertThat(exchange.controlAnswer("POST", "/servers/EX01/faults", "{\"kind\": \"earthquake\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(exchange.controlAnswer("POST", "/servers/EX01/faults", "{\"kind\": \"slow\", \"bytesPerSecond\": 0}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aRequestThatIsNoXmlIsASoapFault() throws Exception {
        HttpResponse<byte[]> answer = exchange.post("no xml", SimulatedExchange.USER, SimulatedExchange.PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorSchemaValidation");
    }

    @Test
    void anOperationItDoesNotKnowIsAnInvalidRequest() throws Exception {
        HttpResponse<byte[]> answer = exchange.post("<m:UploadItems/>");
        assertThat(text(parse(answer.body()), "ResponseCode")).isEqualTo("ErrorInvalidRequest");
    }
}
