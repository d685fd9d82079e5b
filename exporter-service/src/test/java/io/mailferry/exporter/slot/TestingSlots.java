package io.mailferry.exporter.slot;

/** Slots with given settings, without a container. */
public final class TestingSlots {
    private TestingSlots() {}

    public static ServerSlots of(SlotSettings settings) {
        return new ServerSlots(settings);
    }
}
