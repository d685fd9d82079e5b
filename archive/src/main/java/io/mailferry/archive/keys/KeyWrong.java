package io.mailferry.archive.keys;

import io.mailferry.contracts.id.TenantId;

/** A key is there but cannot be read, or does not unwrap what it should: the wrong key, or a changed keyset. */
public final class KeyWrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient TenantId tenant;
    private final String name;

    /** The cause is left out on purpose: a key library's message may quote what it read. */
    public KeyWrong(TenantId tenant, String name) {
        super("key " + name + " of tenant " + tenant + " cannot be used: it is damaged, or wrapped by another key");
        this.tenant = tenant;
        this.name = name;
    }

    public TenantId tenant() {
        return tenant;
    }

    public String name() {
        return name;
    }
}
