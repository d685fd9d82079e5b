package io.mailferry.system;

import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel tells of one process: its memory and the sockets it listens on. */
record OwnProcess(String name, long pid) {
    private static final String LISTENS = "0A";
    private static final String LOOPBACK_V6 = "00000000000000000000000001000000";
    private static final String V4_IN_V6 = "0000000000000000FFFF0000";

    /** Every process of the stack, those included that its parts have started. */
    static List<OwnProcess> of(LocalStack stack) {
        Map<String, Long> roots = new LinkedHashMap<>();
        for (ServiceKind service : ServiceKind.values()) {
            roots.put(service.module(), stack.service(service).pid());
        }
        roots.put("Kafka", stack.kafka().pid());
        roots.put("S3 server", stack.s3().pid());
        roots.put("PostgreSQL", stack.postgres().pid());
        List<OwnProcess> all = new ArrayList<>();
        roots.forEach((name, pid) -> {
            all.add(new OwnProcess(name, pid));
            ProcessHandle.of(pid).stream()
                    .flatMap(ProcessHandle::descendants)
                    .forEach(child -> all.add(new OwnProcess(name + "'s " + child.pid(), child.pid())));
        });
        return all;
    }

    /** The proportional set size in bytes: what is shared counts by its share. Empty where it may not be read. */
    OptionalLong pss() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /** The addresses, in the kernel's hexadecimal, on which this process takes TCP connections. */
    List<String> listening() {
        Set<String> sockets = sockets();
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/" + pid + "/net/" + table)).stream())
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns[3].equals(LISTENS) && sockets.contains(columns[9]))
                .map(columns -> columns[1])
                .toList();
    }

    /** @param address as {@link #listening()} gives it */
    static boolean isLoopback(String address) {
        String host = address.substring(0, address.indexOf(':'));
        // Each group of four bytes stands with its lowest byte first, so 127.x.y.z ends with 7F.
        return host.length() == 8 && host.endsWith("7F")
                || host.equals(LOOPBACK_V6)
                || host.startsWith(V4_IN_V6) && host.endsWith("7F");
    }

    private Set<String> sockets() {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.map(OwnProcess::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed since it was listed.
            return "";
        }
    }

    private static List<String> lines(Path table) {
        try {
            String[] lines = Files.readString(table).split("\n");
            return List.of(Arrays.copyOfRange(lines, 1, lines.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
