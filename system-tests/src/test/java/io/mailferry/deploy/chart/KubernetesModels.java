package io.mailferry.deploy.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads objects with the models that the API server's own types were generated to. The models keep unknown fields in a
 * map instead of failing, so the whole tree is walked for such maps afterwards.
 */
final class KubernetesModels {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, Class<?>> MODELS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class);

    private KubernetesModels() {}

    static boolean knows(JsonNode object) {
        return MODELS.containsKey(kind(object));
    }

    static String kind(JsonNode object) {
        return object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    }

    /** The paths of fields that the model does not have; empty when the object is what Kubernetes expects. */
    static List<String> unknownFields(JsonNode object) throws JsonProcessingException {
        List<String> unknown = new ArrayList<>();
        collect(MAPPER.treeToValue(object, MODELS.get(kind(object))), kind(object), unknown);
        return unknown;
    }

    private static void collect(Object value, String path, List<String> unknown) {
        switch (value) {
            case null -> {}
            case Iterable<?> elements -> elements.forEach(element -> collect(element, path + "[]", unknown));
            case Map<?, ?> map -> map.forEach((key, element) -> collect(element, path + "." + key, unknown));
            case Object model
            when model.getClass().getName().startsWith("io.fabric8.") -> collectFields(model, path, unknown);
            case Object _ -> {}
        }
    }

    private static void collectFields(Object model, String path, List<String> unknown) {
        for (Class<?> type = model.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || type.isEnum()) {
                    continue;
                }
                Object value = read(model, field);
                if (field.getName().equals("additionalProperties") && value instanceof Map<?, ?> extra) {
                    extra.keySet().forEach(key -> unknown.add(path + "." + key));
                } else {
                    collect(value, path + "." + field.getName(), unknown);
                }
            }
        }
    }

    private static Object read(Object model, Field field) {
        try {
            field.setAccessible(true);
            return field.get(model);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
