package io.mailferry.archive.store;

/** An object as a listing names it. */
public record StoredObject(String name, long bytes) {}
