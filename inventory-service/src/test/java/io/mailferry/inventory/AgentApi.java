package io.mailferry.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The committed OpenAPI document of the agents' endpoints, to hold what is sent and answered against. */
final class AgentApi {
    static final Path FILE = Path.of("..", "docs", "agent-openapi.yaml");

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonNode document;

    AgentApi() {
        try {
            document = new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the document does not allow a request of this operation to be. */
    List<String> violationsOfRequest(String operation, JsonNode body) {
        return violations(operation(operation).at("/requestBody/content/application~1json/schema"), body);
    }

    /** What the document does not allow this answer to be, its status and media type included. */
    List<String> violationsOfAnswer(String operation, Answer answer) {
        JsonNode response = resolved(operation(operation).path("responses").path(Integer.toString(answer.status())));
        if (response.isMissingNode()) {
            return List.of(operation + " is not said to answer " + answer.status());
        }
        String type = answer.headers().firstValue("content-type").orElse("").split(";")[0];
        JsonNode content = response.path("content").path(type);
        return content.isMissingNode()
                ? List.of(operation + " " + answer.status() + " is not said to answer " + type)
                : violations(content.path("schema"), answer.body());
    }

    private JsonNode operation(String id) {
        for (JsonNode path : document.path("paths")) {
            if (path.path("post").path("operationId").asText().equals(id)) {
                return path.path("post");
            }
        }
        throw new AssertionError("the document has no operation " + id);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private List<String> violations(JsonNode schema, JsonNode body) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        return SCHEMAS.getSchema(whole).validate(body).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }
}
