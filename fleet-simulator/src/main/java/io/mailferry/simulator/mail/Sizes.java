package io.mailferry.simulator.mail;

/**
 * How large generated mail is: log-normal, so that most is small and a few items hold most of the bytes.
 *
 * @param medianBytes half of the items are smaller
 * @param meanBytes above the median
 * @param maxBytes no generated item is larger, but for those that the fleet's definition asks for
 */
public record Sizes(long medianBytes, long meanBytes, long maxBytes) {
    private static final long MIN_BYTES = 600;

    public Sizes {
        if (medianBytes < MIN_BYTES || meanBytes < medianBytes || maxBytes < meanBytes) {
            throw new IllegalArgumentException("Sizes need " + MIN_BYTES + " <= median <= mean <= max");
        }
    }

    /** What is seen in practice: a median near 20 KB and a mean near 75 KB. */
    public static Sizes bulk() {
        return new Sizes(20_000, 75_000, 24L * 1024 * 1024);
    }

    long draw(Chance chance) {
        double sigma = StrictMath.sqrt(2.0 * StrictMath.log((double) meanBytes / medianBytes));
        double bytes = medianBytes * StrictMath.exp(sigma * chance.normal());
        return Math.clamp((long) bytes, MIN_BYTES, maxBytes);
    }
}
