package io.mailferry.access;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls every endpoint that the compiled resource classes of a service declare, as callers who may and who may not. One
 * that is added later is called as well, without being listed anywhere.
 */
public final class EveryEndpoint {
    private static final java.nio.file.Path CLASSES = java.nio.file.Path.of("target", "classes");
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");

    /**
     * Who calls, by token.
     *
     * @param own has every role for the tenant whose things are asked for
     * @param foreign has every role for another tenant only
     * @param powerless has no role, for all tenants
     * @param roles for each role, a caller for all tenants who has only that one
     */
    public record Callers(String own, String foreign, String powerless, Map<String, String> roles) {}

    private record Endpoint(String method, String path, AnnotatedElement declared, AnnotatedElement resource) {
        private <A extends Annotation> @Nullable A says(Class<A> annotation) {
            A own = declared.getAnnotation(annotation);
            boolean decided = Stream.of(RolesAllowed.class, PermitAll.class, DenyAll.class)
                    .anyMatch(declared::isAnnotationPresent);
            return own != null || decided ? own : resource.getAnnotation(annotation);
        }

        private boolean openToAll() {
            return says(PermitAll.class) != null;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private final URI base;
    private final HttpClient http;
    private final List<Endpoint> endpoints;

    /** The endpoints of the module whose tests run, served at this address. */
    public EveryEndpoint(URI base, HttpClient http) {
        this.base = base;
        this.http = http;
        this.endpoints = declared();
        if (endpoints.isEmpty()) {
            throw new AssertionError("no resource class below " + CLASSES);
        }
    }

    /** All of them, such as {@code GET /api/v1/tenants/{tenant}}. */
    public Set<String> all() {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Endpoints that ask no operator's token of anybody, such as {@code POST /api/v1/agents/enrol}. */
    public Set<String> openToAll() {
        return endpoints.stream()
                .filter(Endpoint::openToAll)
                .map(Endpoint::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * What is not as it should be, in words: who brings no token or an unknown one gets 401, who lacks the role 403, who
     * works for another tenant 404; and the tenant's own operator none of the three, so that the others prove something.
     *
     * @param existing for each path parameter, the id of a thing of the own tenant that exists
     */
    public List<String> violations(Callers callers, Map<String, String> existing) {
        List<String> found = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            if (!endpoint.openToAll()) {
                violations(endpoint, callers, existing, found);
            }
        }
        return found;
    }

    private void violations(Endpoint endpoint, Callers callers, Map<String, String> existing, List<String> found) {
        RolesAllowed allowed = endpoint.says(RolesAllowed.class);
        if (allowed == null) {
            found.add(endpoint + " does not say who may call it");
            return;
        }
        String path = filled(endpoint.path(), existing);
        expect(endpoint, path, null, "who brings no token", 401, found);
        expect(endpoint, path, "an-unknown-token", "who brings an unknown token", 401, found);
        expect(endpoint, path, callers.powerless(), "who has no role", 403, found);
        callers.roles().forEach((role, token) -> {
            if (!includes(role, allowed.value())) {
                expect(endpoint, path, token, "who is only " + role, 403, found);
            }
        });
        HttpResponse<String> foreign = call(endpoint, path, callers.foreign());
        if (!path.equals(endpoint.path()) && foreign.statusCode() != 404) {
            found.add(endpoint + " answers another tenant's operator " + foreign.statusCode());
        }
        if (existing.values().stream().anyMatch(foreign.body()::contains)) {
            found.add(endpoint + " shows another tenant's operator what is not his");
        }
        int own = call(endpoint, path, callers.own()).statusCode();
        if (Set.of(401, 403, 404).contains(own) || own >= 500) {
            found.add(endpoint + " answers the tenant's own operator " + own);
        }
    }

    /** As the service's roles include one another: an admin is an operator, and everybody a viewer. */
    private static boolean includes(String role, String[] allowed) {
        List<String> wanted = List.of(allowed);
        return wanted.contains(role)
                || wanted.contains("viewer")
                || role.equals("admin") && wanted.contains("operator");
    }

    private void expect(
            Endpoint endpoint, String path, @Nullable String token, String who, int status, List<String> found) {
        int answered = call(endpoint, path, token).statusCode();
        if (answered != status) {
            found.add(endpoint + " answers " + who + " " + answered + " and not " + status);
        }
    }

    private HttpResponse<String> call(Endpoint endpoint, String path, @Nullable String token) {
        HttpRequest.BodyPublisher body = endpoint.method().equals("GET")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString("{}");
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .method(endpoint.method(), body);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(endpoint + " did not answer", e);
        }
    }

    private static String filled(String template, Map<String, String> existing) {
        Matcher parameter = PARAMETER.matcher(template);
        return parameter.replaceAll(match -> {
            String id = existing.get(match.group(1));
            if (id == null) {
                throw new AssertionError(template + " needs the id of an existing " + match.group(1));
            }
            return id;
        });
    }

    private static List<Endpoint> declared() {
        try (Stream<java.nio.file.Path> files = Files.walk(CLASSES)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(EveryEndpoint::load)
                    .filter(type -> type.isAnnotationPresent(Path.class))
                    .flatMap(EveryEndpoint::endpointsOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(java.nio.file.Path file) {
        String relative = CLASSES.relativize(file).toString();
        String name = relative.substring(0, relative.length() - ".class".length())
                .replace(file.getFileSystem().getSeparator(), ".");
        try {
            return Class.forName(name, false, EveryEndpoint.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Endpoint> endpointsOf(Class<?> resource) {
        String root = resource.getAnnotation(Path.class).value();
        return Arrays.stream(resource.getDeclaredMethods())
                .flatMap(method -> methodOf(method)
                        .map(verb ->
                                new Endpoint(verb, joined(root, method.getAnnotation(Path.class)), method, resource)));
    }

    private static Stream<String> methodOf(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(verb -> verb != null)
                .map(HttpMethod::value);
    }

    private static String joined(String root, @Nullable Path path) {
        String start = "/" + root.replaceAll("^/|/$", "");
        return path == null ? start : start + "/" + path.value().replaceAll("^/|/$", "");
    }
}
