package io.mailferry.uploader.scratch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Disk for packs that are being built. */
@ConfigMapping(prefix = "mailferry.scratch")
public interface ScratchSettings {
    /** The folder. Belongs to this process alone: what is found in it at start is deleted. */
    Path directory();

    /** How much all packs together may take, in bytes. When it is used up, packs are closed early and reading pauses. */
    @WithDefault("1G")
    MemorySize bytesMax();
}
