package io.mailferry.simulator.mail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Repeatable pseudo-randomness (SplitMix64): the same seeds give the same values in every release of the JDK, which
 * java.util's generators promise only in part. Not safe for secrets, and not for use by two threads.
 */
public final class Chance {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long state;

    private Chance(long state) {
        this.state = state;
    }

    /** A generator for the place that these seeds name. */
    public static Chance of(long... seeds) {
        return new Chance(seedOf(seeds));
    }

    /** One seed made of several. */
    public static long seedOf(long... seeds) {
        long mixed = 0x243F6A8885A308D3L;
        for (long seed : seeds) {
            mixed = mix(mixed ^ mix(seed + GOLDEN_GAMMA));
        }
        return mixed;
    }

    /** A seed for a text, by FNV-1a over its characters. */
    public static long seedOf(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Any long. */
    public long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** From 0 up to below the bound. */
    public int below(int bound) {
        return (int) Math.floorMod(next(), (long) bound);
    }

    /** From the first up to and including the last. */
    public int between(int first, int last) {
        return first + below(last - first + 1);
    }

    /** From 0.0 up to below 1.0. */
    public double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** True in this share of cases. */
    public boolean in(double share) {
        return fraction() < share;
    }

    /** Normally distributed, by Box and Muller. */
    public double normal() {
        double u = 1.0 - fraction();
        return StrictMath.sqrt(-2.0 * StrictMath.log(u)) * StrictMath.cos(2.0 * StrictMath.PI * fraction());
    }

    /** One of the list. */
    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** Fills the first bytes of an array; a length that is no multiple of 8 is rounded up within the array. */
    public void fill(byte[] bytes, int length) {
        int at = 0;
        for (; at + 8 <= bytes.length && at < length; at += 8) {
            LONGS.set(bytes, at, next());
        }
        for (; at < length; at++) {
            bytes[at] = (byte) next();
        }
    }
}
