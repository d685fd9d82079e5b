package io.mailferry.stack.bench;

import io.mailferry.stack.LocalStack;
import io.mailferry.stack.ServiceKind;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;

/**
 * What the machine has spent so far, by the kernel's and PostgreSQL's own count.
 *
 * @param serviceMillis processor time of inventory-service
 * @param machineMillis of it, Kafka, PostgreSQL and the load together
 * @param walBytes written to PostgreSQL's log ahead
 * @param kafkaBytes in the broker's segments
 */
record Costs(long serviceMillis, long machineMillis, long walBytes, long kafkaBytes) {
    /** Of the kernel's clock, in which it counts processor time; the same on every Linux that Java runs on. */
    private static final long MILLIS_PER_TICK = 10;

    static Costs of(LocalStack stack) {
        long service = processorMillis(stack.service(ServiceKind.INVENTORY).pid());
        long machine = service
                + treeMillis(stack.kafka().pid())
                + treeMillis(stack.postgres().pid())
                + processorMillis(ProcessHandle.current().pid());
        return new Costs(
                service, machine, walBytes(stack), segmentBytes(stack.kafka().data()));
    }

    Costs since(Costs before) {
        return new Costs(
                serviceMillis - before.serviceMillis,
                machineMillis - before.machineMillis,
                walBytes - before.walBytes,
                kafkaBytes - before.kafkaBytes);
    }

    /** The memory that a process holds now. */
    static double residentMegabytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException e) {
            throw new StackFailure("The memory of process " + pid + " cannot be read.", e);
        }
    }

    private static long treeMillis(long root) {
        return processorMillis(root)
                + ProcessHandle.of(root).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(process -> processorMillis(process.pid()))
                        .sum();
    }

    /** The process's own time and that of its children that have ended. */
    private static long processorMillis(long pid) {
        try {
            String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks * MILLIS_PER_TICK;
        } catch (NoSuchFileException e) {
            // It ended just now; its parent counts it from here on.
            return 0;
        } catch (IOException e) {
            throw new StackFailure("The processor time of process " + pid + " cannot be read.", e);
        }
    }

    private static long walBytes(LocalStack stack) {
        var login = stack.postgres().superuser();
        try (var connection = DriverManager.getConnection(stack.postgres().jdbcUrl(), login.user(), login.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new StackFailure("PostgreSQL does not say what it has written.", e);
        }
    }

    private static long segmentBytes(Path data) {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(Costs::size)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Kafka's folder " + data + " cannot be read.", e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // Deleted by the broker between our two looks.
            return 0;
        }
    }
}
