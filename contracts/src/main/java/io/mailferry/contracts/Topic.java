package io.mailferry.contracts;

import io.mailferry.contracts.agent.AgentReport;
import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.restore.RestoreEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.contracts.upload.UploadProgress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The topics of control events. The item topic carries archive parts instead and is {@link #ITEMS}. */
public enum Topic {
    AGENT_HEARTBEAT("mailferry.agent.heartbeat.v1", AgentReport.class),
    INVENTORY_EVENT("mailferry.inventory.event.v1", InventoryEvent.class),
    TRANSITION_COMMAND("mailferry.transition.command.v1", TransitionCommand.class),
    COMMAND_RESULT("mailferry.command.result.v1", CommandResult.class),
    EXPORT_EVENT("mailferry.export.event.v1", ExportEvent.class),
    UPLOAD_PROGRESS("mailferry.upload.progress.v1", UploadProgress.class),
    RESTORE_EVENT("mailferry.restore.event.v1", RestoreEvent.class);

    /** Archive parts from exporter to uploader, keyed by mailbox; its values are Avro, not CloudEvents. */
    public static final String ITEMS = "mailferry.export.item.v1";

    private static final String VERSION = ".v1";

    private final String topicName;
    private final Class<? extends Event> events;
    private final Map<String, Class<? extends Event>> types;

    Topic(String topicName, Class<? extends Event> events) {
        this.topicName = topicName;
        this.events = events;
        this.types = typesOf(topicName, events);
    }

    public String topicName() {
        return topicName;
    }

    /** Where what cannot be handled goes: place and cause. */
    public String deadLetterName() {
        return topicName + ".dlq";
    }

    public static Topic of(Event event) {
        return Arrays.stream(values())
                .filter(topic -> topic.events.isInstance(event))
                .findFirst()
                .orElseThrow();
    }

    public static Optional<Topic> named(String topicName) {
        return Arrays.stream(values())
                .filter(topic -> topic.topicName.equals(topicName))
                .findFirst();
    }

    /** The event types of this topic by their CloudEvents type, such as {@code mailferry.agent.AgentHeartbeat.v1}. */
    public Map<String, Class<? extends Event>> types() {
        return types;
    }

    /** The CloudEvents type of an event. */
    public static String typeOf(Event event) {
        return typeName(of(event).topicName, event.getClass());
    }

    private static Map<String, Class<? extends Event>> typesOf(String topicName, Class<? extends Event> events) {
        Map<String, Class<? extends Event>> types = new LinkedHashMap<>();
        for (Class<?> permitted : events.getPermittedSubclasses()) {
            Class<? extends Event> event = permitted.asSubclass(Event.class);
            if (event.isSealed()) {
                types.putAll(typesOf(topicName, event));
            } else {
                types.put(typeName(topicName, event), event);
            }
        }
        return Map.copyOf(types);
    }

    private static String typeName(String topicName, Class<?> event) {
        String domain = topicName.split("\\.")[1];
        return "mailferry." + domain + "." + event.getSimpleName() + VERSION;
    }
}
