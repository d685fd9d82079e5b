package io.mailferry.archive.keys;

import io.mailferry.contracts.id.TenantId;

/** A tenant's key is not there. Names tenant, key and remedy; nothing works for this tenant until it is. */
public final class KeyMissing extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient TenantId tenant;
    private final String name;

    public KeyMissing(TenantId tenant, String name, String remedy) {
        super("key " + name + " of tenant " + tenant + " is missing: " + remedy);
        this.tenant = tenant;
        this.name = name;
    }

    public TenantId tenant() {
        return tenant;
    }

    /** Such as {@code kek.json} or the object name of a wrapped keyset. */
    public String name() {
        return name;
    }
}
