package io.mailferry.deploy.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.Topic;
import io.mailferry.deploy.Repository;
import io.mailferry.deploy.chart.Chart.Rendering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes into the chart and what it makes of it: values, topics, the services' settings. */
final class ChartValuesTest {
    private static final Pattern SETTING = Pattern.compile("\\$\\{(MAILFERRY_[A-Z0-9_]+)(:[^}]*)?}");
    private static final List<String> COMPONENTS = List.of("inventory", "planner", "exporter", "uploader", "restore");

    @Test
    void createsExactlyTheTopicsOfTheContracts() {
        Rendering operated = Chart.rendering(Chart.FOLDER.resolve("ci/operated-values.yaml"));
        Set<String> expected = new TreeSet<>(Set.of(Topic.ITEMS, Topic.ITEMS + ".dlq"));
        Arrays.stream(Topic.values()).forEach(topic -> {
            expected.add(topic.topicName());
            expected.add(topic.deadLetterName());
        });

        assertThat(operated.ofKind("KafkaTopic")
                        .map(topic -> topic.at("/spec/topicName").asText()))
                .containsExactlyInAnyOrderElementsOf(expected);
        operated.ofKind("KafkaTopic").forEach(topic -> {
            assertThat(topic.path("apiVersion").asText()).isEqualTo("kafka.strimzi.io/v1");
            assertThat(topic.at("/metadata/labels/strimzi.io~1cluster").asText())
                    .isEqualTo("mailferry");
            assertThat(Chart.fieldNames(topic.path("spec")))
                    .containsOnly("topicName", "partitions", "replicas", "config");
            assertThat(topic.at("/spec/config/retention.ms").asLong()).isPositive();
            assertThat(topic.at("/metadata/name").asText()).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
        });
    }

    @Test
    void setsWhatEachServiceAsksForAndNothingElse() {
        Rendering shipped = Chart.renderings().findFirst().orElseThrow();
        for (String component : COMPONENTS) {
            Set<String> asked = new TreeSet<>();
            Set<String> required = new TreeSet<>();
            var settings =
                    SETTING.matcher(Repository.text(component + "-service/src/main/resources/application.properties"));
            while (settings.find()) {
                asked.add(settings.group(1));
                if (settings.group(2) == null) {
                    required.add(settings.group(1));
                }
            }
            Set<String> set = settings(shipped, component);

            assertThat(set).as("what the chart sets for " + component).containsAll(required);
            assertThat(asked).as("what " + component + " reads").containsAll(set);
        }
    }

    @Test
    void letsOperatorsSignInByOidcWithoutAFile() {
        Rendering operated = Chart.rendering(Chart.FOLDER.resolve("ci/operated-values.yaml"));
        Rendering shipped = Chart.renderings().findFirst().orElseThrow();
        for (String component : COMPONENTS) {
            boolean rest = !component.equals("uploader");
            Set<String> set = settings(operated, component);
            assertThat(set.contains("MAILFERRY_OPERATORS_OIDC_URL"))
                    .as(component)
                    .isEqualTo(rest);
            assertThat(set).doesNotContain("MAILFERRY_OPERATORS_FILE");
            assertThat(settings(shipped, component).contains("MAILFERRY_OPERATORS_FILE"))
                    .as(component)
                    .isEqualTo(rest);
            assertThat(settings(shipped, component)).doesNotContain("MAILFERRY_OPERATORS_OIDC_URL");
        }
        assertThat(operated.ofKind("Deployment").toList().toString()).doesNotContain("operators.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image.tag=latest                                              | name a version
            drain.graceSeconds=30                                         | raise drain.graceSeconds
            postgres.url=jdbc:postgresql://db/mailferry?password=x        | postgres.existingSecret
            ports.management=8080                                         | must differ
            gateway.tls.clientCertificates=true                           | name the secret
            gateway.tls.existingSecret=tls;ports.https=8080               | https must differ
            operators.existingSecret=                                     | set operators.oidc.url
            strimzi.topics.minInSyncReplicas=4                            | add replicas
            tenants[0].id=7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11;tenants[1].id=7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11 | one entry
            tenants[0].id=7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11;tenants[0].keysSecret=a;keys.volume.emptyDir.medium=Memory | use one of them
            tenants[0].id=7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11;tenants[0].credentialsSecret=a | list the references
            tenants[0].id=7f0c4a4e-6a53-4d0f-9b3e-2f6f6f1f1a11;tenants[0].credentialRefs[0]=a | name the secret
            """)
    void refusesValuesThatContradictEachOther(String values, String remedy) {
        assertThatThrownBy(() -> Chart.objects(settings(values))).hasMessageContaining(remedy);
    }

    @Test
    void refusesMetricsThatNobodyMayScrape(@TempDir Path folder) throws IOException {
        Path values = folder.resolve("values.yaml");
        Files.writeString(values, """
                networkPolicy: {monitoringFrom: []}
                monitoring: {podMonitor: {enabled: true}}
                """);

        assertThatThrownBy(() -> Chart.rendering(values)).hasMessageContaining("name Prometheus' pods");
    }

    @ParameterizedTest
    @CsvSource({
        "componets.planner.replicas=2",
        "components.console.enabled=true",
        "components.planner.replicas=0",
        "tenants[0].id=acme",
        "kafka.bootstrap=x:9092",
        "s3.endpoint=s3.example.com"
    })
    void refusesValuesThatItDoesNotKnow(String values) {
        assertThatThrownBy(() -> Chart.objects(settings(values))).hasMessageContaining("values don't meet");
    }

    private static Map<String, String> settings(String values) {
        return Arrays.stream(values.strip().split(";"))
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static Set<String> settings(Rendering rendering, String component) {
        Set<String> set = new HashSet<>();
        rendering
                .ofKind("ConfigMap")
                .filter(map -> Chart.component(map).equals(component))
                .forEach(map -> set.addAll(Chart.fieldNames(map.path("data")).toList()));
        rendering
                .ofKind("Deployment")
                .filter(deployment -> Chart.component(deployment).equals(component))
                .flatMap(deployment -> Chart.texts(deployment.at("/spec/template/spec/containers/0/env"), "name"))
                .forEach(set::add);
        set.removeIf(name -> !name.startsWith("MAILFERRY_"));
        return set;
    }
}
