package io.mailferry.inventory.protocol;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What agents send and are answered, as OpenAPI. Written by hand, as their bodies are read by hand. */
@Path("/api/v1/agents/openapi.yaml")
@Produces("application/yaml")
final class AgentApiResource {
    private static final String DOCUMENT = "/agent-openapi.yaml";

    /** Open to all: it says nothing of anybody. */
    @GET
    @PermitAll
    public String document() {
        try (InputStream document =
                Objects.requireNonNull(AgentApiResource.class.getResourceAsStream(DOCUMENT), "part of the archive")) {
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
