package io.mailferry.inventory.agent;

import io.mailferry.inventory.protocol.Field;
import java.util.regex.Pattern;

/** How agents' versions look; what a version means is the planner's matter. */
public final class AgentVersion {
    private static final Pattern SHAPE = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,5}){0,5}([-+][0-9A-Za-z.-]{1,40})?");

    private AgentVersion() {}

    public static String read(Field field) {
        return field.text(80, SHAPE, "This is not a version such as 4.3 or 4.3.0.12-beta.");
    }
}
