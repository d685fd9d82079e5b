package io.mailferry.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/** What the service answered. */
record Answer(int status, JsonNode body, HttpHeaders headers) {
    String text(String field) {
        return body.path(field).asText();
    }
}
