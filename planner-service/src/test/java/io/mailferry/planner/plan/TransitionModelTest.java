package io.mailferry.planner.plan;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Random histories of events, results, repeats, losses, reorderings, clock jumps, retries and restarts. {@link ModelWorld}
 * holds after each action: one active plan for a set; no MAPI schedule disabled while it is the only working backup; each
 * command effective once; bounds kept; what is read back equals what was written. At the end every plan is over or asks.
 */
final class TransitionModelTest {
    @Property(tries = 500)
    void holdsItsPromisesThroughAnyHistory(@ForAll @Size(max = 150) List<@IntRange(max = 1_000_000) Integer> history) {
        live(history);
    }

    @Tag("long")
    @Property(tries = 100_000)
    void holdsItsPromisesThroughVeryManyHistories(
            @ForAll @Size(max = 150) List<@IntRange(max = 1_000_000) Integer> history) {
        live(history);
    }

    private static void live(List<Integer> history) {
        ModelWorld world = new ModelWorld();
        history.forEach(world::act);
        world.settle();
    }
}
