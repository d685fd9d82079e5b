package io.mailferry.contracts.agent;

/** How a mail-level backup set reads Exchange. */
public enum BackupMode {
    MAPI,
    EWS
}
