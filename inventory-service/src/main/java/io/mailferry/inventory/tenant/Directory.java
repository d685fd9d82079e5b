package io.mailferry.inventory.tenant;

import io.mailferry.archive.keys.DirectoryKey;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Seals and opens tenants' mail addresses. A directory key is never rotated, since its sealed forms are compared, so one
 * that was read stays good for the life of the process.
 */
@Singleton
public final class Directory {
    private final TenantKeys keys;
    private final ConcurrentMap<TenantId, DirectoryKey> read = new ConcurrentHashMap<>();

    Directory(TenantKeys keys) {
        this.keys = keys;
    }

    /** @throws io.mailferry.archive.keys.KeyMissing if the tenant's directory key is not there */
    public SealedAddress seal(TenantId tenant, String address) {
        return key(tenant).seal(address);
    }

    /** For the eyes of an operator of this tenant only. */
    public String open(TenantId tenant, SealedAddress address) {
        return key(tenant).open(address);
    }

    private DirectoryKey key(TenantId tenant) {
        return read.computeIfAbsent(tenant, keys::directory);
    }
}
