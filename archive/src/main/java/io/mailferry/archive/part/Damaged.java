package io.mailferry.archive.part;

import java.io.IOException;

/**
 * Something is not what was written. An IOException, because it also surfaces in the middle of reading a stream. The
 * message names fields and objects, never content.
 */
public final class Damaged extends IOException {
    private static final long serialVersionUID = 1;

    private final Damage damage;

    public Damaged(Damage damage, String what) {
        super(damage + ": " + what);
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
