package io.mailferry.planner.rule;

import io.mailferry.contracts.exchange.ExchangeBuild;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Every announcement in force, read and checked at start. At most one is about a product. */
@Singleton
public final class Announcements {
    private static final Logger LOG = Logger.getLogger(Announcements.class);
    private static final List<String> BUNDLED = List.of("mapi-exchange-2013-20210331.yaml");

    private final List<Announcement> announcements;

    @Inject
    Announcements(RuleSettings settings) {
        this(settings.directory().map(Announcements::inDirectory).orElseGet(Announcements::readBundled));
    }

    private Announcements(List<Announcement> announcements) {
        this.announcements = List.copyOf(announcements);
    }

    /** Those that come with the service. */
    public static Announcements bundled() {
        return new Announcements(readBundled());
    }

    public Optional<Announcement> about(ExchangeBuild build) {
        return announcements.stream().filter(each -> each.isAbout(build)).findFirst();
    }

    /** Nothing but being made: a service whose rules are wrong must not start. */
    void on(@Observes StartupEvent started) {
        announcements.forEach(each -> LOG.infof("announcement in force rule=%s", each.name()));
    }

    private static List<Announcement> readBundled() {
        return BUNDLED.stream().map(Announcements::readBundled).toList();
    }

    private static Announcement readBundled(String name) {
        InputStream resource = Objects.requireNonNull(
                Announcements.class.getResourceAsStream("/rules/" + name), "an announcement is missing from the build");
        try (Reader reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
            return RuleFile.read("rules/" + name, reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Announcement> inDirectory(Path directory) {
        List<Announcement> read = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                read.add(readFile(file, read));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("mailferry.planner.rules.directory cannot be read", e);
        }
        if (read.isEmpty()) {
            throw new IllegalStateException(
                    "mailferry.planner.rules.directory holds no *.yaml file; put the announcements there or leave it unset");
        }
        return read;
    }

    private static Announcement readFile(Path file, List<Announcement> earlier) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            Announcement announcement = RuleFile.read(file.toString(), reader);
            for (Announcement other : earlier) {
                if (other.major() == announcement.major() && other.minor() == announcement.minor()) {
                    throw new RuleFileInvalid(
                            file.toString(),
                            1,
                            "rule " + other.name() + " is about the same product",
                            "keep one announcement for each product");
                }
            }
            return announcement;
        }
    }
}
