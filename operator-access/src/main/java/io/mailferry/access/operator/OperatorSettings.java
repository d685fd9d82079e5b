package io.mailferry.access.operator;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where operators are known from. */
@ConfigMapping(prefix = "mailferry.operators")
public interface OperatorSettings {
    /**
     * The operators' file: a JSON list of {@code {name, tokenSha256 (hex), roles, tenants: ["*" or ids]}}. Read at start
     * and again whenever it changes; a service without a readable file does not start.
     */
    Path file();
}
