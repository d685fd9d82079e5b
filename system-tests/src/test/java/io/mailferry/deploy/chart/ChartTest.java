package io.mailferry.deploy.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;
import io.mailferry.deploy.chart.Chart.Rendering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ChartTest {
    private static final List<String> COMPONENTS = List.of("inventory", "planner", "exporter", "uploader", "restore");

    static Stream<Rendering> renderings() {
        return Chart.renderings();
    }

    @Test
    void lintsStrictly() {
        LintResult result = Chart.lint();

        assertThat(result.isFailed()).as(() -> result.getMessages().toString()).isFalse();
    }

    @Test
    void rendersEveryComponentByDefault() {
        Rendering shipped = renderings().findFirst().orElseThrow();

        assertThat(shipped.ofKind("Deployment").map(Chart::component)).hasSameElementsAs(COMPONENTS);
        assertThat(shipped.ofKind("ConfigMap")).hasSameSizeAs(COMPONENTS);
        assertThat(shipped.ofKind("ServiceAccount")).hasSameSizeAs(COMPONENTS);
        assertThat(shipped.ofKind("PodDisruptionBudget").map(Chart::component))
                .containsExactlyInAnyOrder("inventory", "exporter", "uploader");
        assertThat(shipped.ofKind("Secret")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void rendersOnlyObjectsAndFieldsThatKubernetesKnows(Rendering rendering) throws JsonProcessingException {
        List<String> unknown = new ArrayList<>();
        for (JsonNode object : rendering.objects()) {
            if (object.path("kind").asText().equals("KafkaTopic")) {
                continue;
            }
            assertThat(KubernetesModels.knows(object))
                    .as(KubernetesModels.kind(object))
                    .isTrue();
            unknown.addAll(KubernetesModels.unknownFields(object));
        }
        assertThat(unknown).isEmpty();
        assertThat(rendering.objects()).isNotEmpty();
    }

    @Test
    void findsAFieldThatKubernetesDoesNotKnow() throws JsonProcessingException {
        JsonNode object = renderings()
                .findFirst()
                .orElseThrow()
                .ofKind("Deployment")
                .findFirst()
                .orElseThrow();
        JsonNode container = object.at("/spec/template/spec/containers/0");
        ((ObjectNode) container).set("readynessProbe", new ObjectMapper().createObjectNode());

        assertThat(KubernetesModels.unknownFields(object))
                .containsExactly("apps/v1/Deployment.spec.template.spec.containers[].readynessProbe");
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void namesEveryObjectOnceInTheReleasesNamespace(Rendering rendering) {
        assertThat(rendering.objects())
                .extracting(object -> object.path("kind").asText() + " "
                        + object.at("/metadata/namespace").asText() + "/"
                        + object.at("/metadata/name").asText())
                .doesNotHaveDuplicates()
                .noneMatch(name -> name.contains(" /"));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void selectsEachComponentsPodsAndNoOthers(Rendering rendering) {
        rendering
                .ofKind("Deployment")
                .forEach(deployment -> assertThat(selected(rendering, deployment.at("/spec/selector/matchLabels")))
                        .containsExactly(Chart.component(deployment)));
        rendering
                .ofKind("Service")
                .forEach(service -> assertThat(selected(rendering, service.at("/spec/selector")))
                        .containsExactly(Chart.component(service)));
        rendering
                .ofKind("PodDisruptionBudget")
                .forEach(budget -> assertThat(selected(rendering, budget.at("/spec/selector/matchLabels")))
                        .containsExactly(Chart.component(budget)));
        rendering
                .ofKind("PodMonitor")
                .forEach(monitor -> assertThat(selected(rendering, monitor.at("/spec/selector/matchLabels")))
                        .hasSameSizeAs(rendering.ofKind("Deployment").toList()));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void namesOnlyPortsThatContainersHave(Rendering rendering) {
        Map<String, Set<String>> ports = rendering
                .ofKind("Deployment")
                .collect(Collectors.toMap(
                        Chart::component,
                        deployment -> Chart.texts(deployment.at("/spec/template/spec/containers/0/ports"), "name")
                                .collect(Collectors.toSet())));
        rendering
                .ofKind("Service")
                .forEach(service -> assertThat(ports.get(Chart.component(service)))
                        .containsAll(Chart.texts(service.at("/spec/ports"), "targetPort")
                                .toList()));
        rendering
                .ofKind("PodMonitor")
                .forEach(monitor -> ports.values()
                        .forEach(named -> assertThat(named)
                                .containsAll(Chart.texts(monitor.at("/spec/podMetricsEndpoints"), "port")
                                        .toList())));
        rendering.ofKind("Deployment").forEach(deployment -> {
            JsonNode container = deployment.at("/spec/template/spec/containers/0");
            for (String probe : List.of("startup", "readiness", "liveness")) {
                assertThat(container.at("/" + probe + "Probe/httpGet/port").asText())
                        .isEqualTo("management");
            }
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/q/health/started");
        });
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void mountsOnlyVolumesAndSettingsThatExist(Rendering rendering) {
        Set<String> configMaps = rendering
                .ofKind("ConfigMap")
                .map(map -> map.at("/metadata/name").asText())
                .collect(Collectors.toSet());
        Set<String> accounts = rendering
                .ofKind("ServiceAccount")
                .map(account -> account.at("/metadata/name").asText())
                .collect(Collectors.toSet());
        rendering.ofKind("Deployment").forEach(deployment -> {
            JsonNode pod = deployment.at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(Chart.texts(container.path("volumeMounts"), "name"))
                    .hasSameElementsAs(Chart.texts(pod.path("volumes"), "name").toList());
            assertThat(configMaps)
                    .contains(container.at("/envFrom/0/configMapRef/name").asText());
            assertThat(accounts).contains(pod.path("serviceAccountName").asText());
        });
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void runsEveryPodRestrictedAndWithoutRoot(Rendering rendering) {
        rendering.ofKind("Deployment").forEach(deployment -> {
            JsonNode pod = deployment.at("/spec/template/spec");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/hostNetwork").asBoolean()).isFalse();
            JsonNode security = pod.at("/containers/0/securityContext");
            assertThat(security.path("allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(pod.at("/containers/0/resources/limits/memory").asText()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void pinsEveryImage(Rendering rendering) {
        assertThat(rendering.ofKind("Deployment"))
                .isNotEmpty()
                .extracting(deployment ->
                        deployment.at("/spec/template/spec/containers/0/image").asText())
                .allMatch(image -> image.matches(".+(:\\d+\\.\\d+\\.\\d+|@sha256:[0-9a-f]{64})"))
                .noneMatch(image -> image.endsWith(":latest"));
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void takesPasswordsFromSecretsOnly(Rendering rendering) {
        rendering
                .ofKind("ConfigMap")
                .forEach(map -> assertThat(map.path("data").toString())
                        .doesNotContainIgnoringCase("_password")
                        .doesNotContainIgnoringCase("_secret_key"));
        rendering.ofKind("Deployment").forEach(deployment -> {
            for (JsonNode variable : deployment.at("/spec/template/spec/containers/0/env")) {
                if (variable.path("name").asText().matches(".*(PASSWORD|KEY|TOKEN).*")) {
                    assertThat(variable.has("value")).isFalse();
                    assertThat(variable.at("/valueFrom/secretKeyRef/key").asText())
                            .isNotEmpty();
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("renderings")
    void deniesTrafficThatNobodyNamed(Rendering rendering) {
        List<JsonNode> policies = rendering.ofKind("NetworkPolicy").toList();
        if (policies.isEmpty()) {
            assertThat(rendering.name()).isEqualTo("volumes-values.yaml");
            return;
        }
        JsonNode deny = policies.stream()
                .filter(policy -> !policy.path("spec").has("ingress"))
                .findFirst()
                .orElseThrow();
        assertThat(deny.path("spec").has("egress")).isFalse();
        assertThat(deny.at("/spec/policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(selected(rendering, deny.at("/spec/podSelector/matchLabels")))
                .hasSameSizeAs(rendering.ofKind("Deployment").toList());
        for (JsonNode policy : policies) {
            for (JsonNode rule : policy.at("/spec/ingress")) {
                assertThat(rule.path("from"))
                        .as("a rule without peers lets everybody in")
                        .isNotEmpty();
            }
            for (JsonNode rule : policy.at("/spec/egress")) {
                assertThat(rule.path("ports")).isNotEmpty();
            }
        }
    }

    @Test
    void letsOnlyTheExporterReachExchange() {
        Rendering operated = Chart.rendering(Chart.FOLDER.resolve("ci/operated-values.yaml"));

        assertThat(operated.ofKind("NetworkPolicy")
                        .filter(policy -> policy.toString().contains("192.0.2.0/24"))
                        .map(Chart::component))
                .containsExactly("exporter");
    }

    @Test
    void listensByTlsAtTheGatewayOnly() {
        Rendering tenants = Chart.rendering(Chart.FOLDER.resolve("ci/tenants-values.yaml"));

        for (String kind : List.of("Deployment", "Service", "NetworkPolicy")) {
            assertThat(tenants.ofKind(kind)
                            .filter(object -> object.toString().contains("\"https\""))
                            .map(Chart::component))
                    .as(kind)
                    .containsExactly("inventory");
        }
        assertThat(tenants.ofKind("Deployment")
                        .filter(deployment -> deployment.toString().contains("mailferry-gateway-tls"))
                        .map(Chart::component))
                .containsExactly("inventory");
        assertThat(tenants.ofKind("ConfigMap")
                        .filter(map -> map.toString().contains("MAILFERRY_CLIENT_CERTIFICATES\":\"true\""))
                        .map(Chart::component))
                .containsExactly("inventory");
        Rendering shipped = renderings().findFirst().orElseThrow();
        assertThat(shipped.objects().toString()).doesNotContain("\"https\"", "/etc/mailferry/tls");
    }

    @Test
    void givesEachComponentOnlyTheKeysItNeeds() {
        Rendering tenants = Chart.rendering(Chart.FOLDER.resolve("ci/tenants-values.yaml"));

        assertThat(keyFiles(tenants, "inventory")).containsOnly("directory.json", "escrow-public.jwk");
        assertThat(keyFiles(tenants, "exporter")).containsOnly("kek.json", "directory.json");
        assertThat(keyFiles(tenants, "restore")).containsOnly("kek.json", "directory.json", "escrow-private.jwe");
        assertThat(keyFiles(tenants, "planner")).isEmpty();
        assertThat(keyFiles(tenants, "uploader")).isEmpty();
        assertThat(projected(tenants, "exporter", "credentials"))
                .extracting(item -> item.path("path").asText())
                .containsExactly(
                        "7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11/ex01.json",
                        "7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11/ex02.json");
    }

    private static List<String> keyFiles(Rendering rendering, String component) {
        return projected(rendering, component, "keys")
                .map(item -> item.path("path").asText())
                .map(path -> path.substring(path.indexOf('/') + 1))
                .toList();
    }

    private static Stream<JsonNode> projected(Rendering rendering, String component, String volume) {
        return rendering
                .ofKind("Deployment")
                .filter(deployment -> Chart.component(deployment).equals(component))
                .flatMap(deployment -> Chart.elements(deployment.at("/spec/template/spec/volumes")))
                .filter(mounted -> mounted.path("name").asText().equals(volume))
                .flatMap(mounted -> Chart.elements(mounted.at("/projected/sources")))
                .flatMap(source -> Chart.elements(source.at("/secret/items")));
    }

    private static List<String> selected(Rendering rendering, JsonNode labels) {
        assertThat(labels).isNotEmpty();
        return rendering
                .ofKind("Deployment")
                .filter(deployment -> labels.properties().stream()
                        .allMatch(label -> label.getValue()
                                .equals(deployment
                                        .at("/spec/template/metadata/labels")
                                        .path(label.getKey()))))
                .map(Chart::component)
                .toList();
    }
}
