package io.mailferry.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.inbox.InboxSweep;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.stack.KafkaBroker;
import io.mailferry.stack.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The outbox, the inbox and tenant-bound transactions on a real PostgreSQL and a real Kafka. */
final class OutboxIT {
    private static final OutboxRelay.Limits LIMITS = OutboxRelay.Limits.of(new SmallRyeConfigBuilder()
            .withMapping(OutboxSettings.class)
            .build()
            .getConfigMapping(OutboxSettings.class));
    private static final String SCHEMA = "planner";

    @TempDir
    static Path folder;

    private static PostgresServer postgres;
    private static KafkaBroker kafka;
    private static TenantTransactions transactions;

    private final EventCodec codec = new EventCodec("test-service", Clock.systemUTC());
    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();

    @BeforeAll
    static void startParts() throws SQLException, IOException {
        postgres = PostgresServer.start(folder.resolve("postgres"));
        kafka = KafkaBroker.start(folder.resolve("kafka"));
        migrate();
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.jdbcUrl());
        dataSource.setUser(postgres.app(SCHEMA).user());
        dataSource.setPassword(postgres.app(SCHEMA).password());
        transactions = new TenantTransactions(dataSource, "planner_fleet");
    }

    @AfterAll
    static void stopParts() {
        kafka.close();
        postgres.close();
    }

    @Test
    void tellsCommittedEventsInOrder() {
        List<Event> events = published(150);

        try (OutboxRelay relay = relay()) {
            relay.start();
            assertThat(read(150)).isEqualTo(events);
        }

        assertThat(pending()).isZero();
    }

    @Test
    void tellsNothingOfATransactionThatFailed() {
        assertThatThrownBy(() -> transactions.useTenant(tenant, transaction -> {
                    transaction.publish(event());
                    throw new IllegalStateException("changed its mind");
                }))
                .hasMessage("changed its mind");

        assertThat(pending()).isZero();
    }

    @Test
    void keepsEventsWhileTheBrokerIsAway() {
        kafka.kill();
        List<Event> events = published(20);
        try (OutboxRelay relay = relay()) {
            relay.start();
            kafka.startAgain();

            List<Event> told = read(20);

            assertThat(told.stream().distinct().toList()).isEqualTo(events);
        }
    }

    @Test
    void showsATenantOnlyItsOwnRows() {
        published(3);

        long seenByAnother = transactions.inTenant(TenantId.random(), transaction -> count(transaction.handle()));
        long seenByItself = transactions.inTenant(tenant, transaction -> count(transaction.handle()));

        assertThat(seenByAnother).isZero();
        assertThat(seenByItself).isEqualTo(3);
        transactions.useAcrossTenants(
                transaction -> transaction.handle().execute("DELETE FROM outbox WHERE tenant = ?", tenant));
    }

    @Test
    void refusesToWriteForAnotherTenant() {
        assertThatThrownBy(() -> transactions.useTenant(TenantId.random(), transaction -> transaction.publish(event())))
                .hasMessageContaining("row-level security");
    }

    @Test
    void quotesNoValueInAFailure() {
        assertThatThrownBy(() -> transactions.useTenant(
                        tenant, transaction -> transaction.handle().execute("SELECT nothing WHERE 'x' = ?", "a value")))
                .hasMessageNotContaining("a value");
    }

    @Test
    void takesAnEventOncePerConsumer() {
        EventId event = EventId.random();

        boolean first = transactions.inTenant(tenant, seen -> seen.firstSight(tenant, event, "plans"));
        boolean repeat = transactions.inTenant(tenant, seen -> seen.firstSight(tenant, event, "plans"));
        boolean another = transactions.inTenant(tenant, seen -> seen.firstSight(tenant, event, "fleet"));

        assertThat(List.of(first, repeat, another)).containsExactly(true, false, true);
    }

    @Test
    void forgetsEventsThatAreOldRoundAfterRound() {
        EventId oldest = taken(Duration.ofDays(17));
        EventId older = taken(Duration.ofDays(16));
        EventId old = taken(Duration.ofDays(15));
        EventId young = taken(Duration.ofDays(13));

        assertThat(sweep(1, 2).sweep()).as("no more than its rounds").isEqualTo(2);
        assertThat(isRemembered(oldest)).isFalse();
        assertThat(isRemembered(older)).isFalse();
        assertThat(isRemembered(old)).isTrue();

        assertThat(sweep(1, 5).sweep()).isEqualTo(1);
        assertThat(isRemembered(old)).isFalse();
        assertThat(isRemembered(young)).as("what is young is kept").isTrue();
    }

    @Test
    void catchesUpWithManyOldEventsInOneSweep() {
        List<EventId> old =
                Stream.generate(() -> taken(Duration.ofDays(15))).limit(10).toList();

        assertThat(sweep(3, 20).sweep()).isEqualTo(10);
        assertThat(old).noneMatch(this::isRemembered);
    }

    @Test
    void leavesAFailedSweepToTheNext() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none");
        InboxSweep.Limits limits = new InboxSweep.Limits(Duration.ofDays(14), 1, 3);

        assertThat(new InboxSweep(new TenantTransactions(nowhere, "planner_fleet"), Clock.systemUTC(), limits).sweep())
                .isZero();
    }

    @Test
    void refusesLimitsThatForgetNothing() {
        assertThatThrownBy(() -> sweep(0, 1)).hasMessageContaining("forgotten-max");
        assertThatThrownBy(() -> sweep(1, 0)).hasMessageContaining("forgotten-rounds-max");
    }

    private static InboxSweep sweep(int forgottenMax, int roundsMax) {
        return new InboxSweep(
                transactions, Clock.systemUTC(), new InboxSweep.Limits(Duration.ofDays(14), forgottenMax, roundsMax));
    }

    /** The id of an event that was taken that long ago. */
    private EventId taken(Duration ago) {
        EventId event = EventId.random();
        transactions.useTenant(
                tenant,
                transaction -> assertThat(transaction.firstSight(tenant, event, "sweep"))
                        .isTrue());
        asSuperuser("UPDATE planner.inbox SET at = now() - interval '" + ago.toSeconds() + " seconds' WHERE event = '"
                + event + "'");
        return event;
    }

    private boolean isRemembered(EventId event) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT count(*) = 1 FROM inbox WHERE event = ?", event)
                        .mapTo(Boolean.class)
                        .one());
    }

    private List<Event> published(int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event event = event();
            transactions.useTenant(tenant, transaction -> transaction.publish(event));
            events.add(event);
        }
        return events;
    }

    private Event event() {
        return new CommandResult.CommandAccepted(tenant, server, CommandId.random());
    }

    private long pending() {
        return transactions.inTenant(tenant, transaction -> count(transaction.handle()));
    }

    private static long count(org.jdbi.v3.core.Handle handle) {
        return handle.select("SELECT count(*) FROM outbox").mapTo(Long.class).one();
    }

    private OutboxRelay relay() {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        return new OutboxRelay(transactions, codec, new EventSender(producer), LIMITS, new SimpleMeterRegistry());
    }

    /** Reads until so many different events of this test's tenant were told, repeats included. */
    private List<Event> read(int count) {
        List<Event> told = new ArrayList<>();
        Instant deadline = Instant.now().plusSeconds(60);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.COMMAND_RESULT.topicName()));
            while (told.stream().distinct().count() < count && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (codec.decode(record) instanceof Decoded.Known known
                            && known.event().tenant().equals(tenant)) {
                        told.add(known.event());
                    }
                });
            }
        }
        return told;
    }

    private static void asSuperuser(String sql) {
        try (Connection connection = DriverManager.getConnection(
                        postgres.jdbcUrl(),
                        postgres.superuser().user(),
                        postgres.superuser().password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void migrate() throws SQLException, IOException {
        try (InputStream sql = OutboxIT.class.getResourceAsStream("/mailferry/messaging.sql");
                Connection connection = DriverManager.getConnection(
                        postgres.jdbcUrl(),
                        postgres.owner(SCHEMA).user(),
                        postgres.owner(SCHEMA).password());
                Statement statement = connection.createStatement()) {
            assertThat(sql).isNotNull();
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${app}", "planner_app")
                    .replace("${fleet}", "planner_fleet"));
        }
    }
}
