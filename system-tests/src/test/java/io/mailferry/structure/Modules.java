package io.mailferry.structure;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.mailferry.deploy.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The modules' main classes, from their {@code target/classes}. */
final class Modules {
    /** The root package of each module. */
    static final Map<String, String> ROOTS = new TreeMap<>(Map.ofEntries(
            Map.entry("contracts", "io.mailferry.contracts"),
            Map.entry("messaging", "io.mailferry.messaging"),
            Map.entry("operator-access", "io.mailferry.access"),
            Map.entry("exchange-client", "io.mailferry.exchange"),
            Map.entry("archive", "io.mailferry.archive"),
            Map.entry("inventory-service", "io.mailferry.inventory"),
            Map.entry("planner-service", "io.mailferry.planner"),
            Map.entry("exporter-service", "io.mailferry.exporter"),
            Map.entry("uploader-service", "io.mailferry.uploader"),
            Map.entry("restore-service", "io.mailferry.restore"),
            Map.entry("cli", "io.mailferry.cli"),
            Map.entry("fleet-simulator", "io.mailferry.simulator"),
            Map.entry("local-stack", "io.mailferry.stack")));

    private static final JavaClasses ALL = imported();

    private Modules() {}

    static JavaClasses all() {
        return ALL;
    }

    static JavaClasses of(String module) {
        String compiled = classes(module).toUri().toString();
        return ALL.that(DescribedPredicate.describe(
                "of " + module,
                type -> type.getSource()
                        .filter(source -> source.getUri().toString().startsWith(compiled))
                        .isPresent()));
    }

    private static Path classes(String module) {
        return Repository.path(module).resolve("target/classes");
    }

    private static JavaClasses imported() {
        List<Location> compiled = ROOTS.keySet().stream()
                .map(Modules::classes)
                .filter(Files::isDirectory)
                .map(Location::of)
                .toList();
        return new ClassFileImporter().importLocations(compiled);
    }
}
