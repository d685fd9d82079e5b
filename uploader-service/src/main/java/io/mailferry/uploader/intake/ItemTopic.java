package io.mailferry.uploader.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/** The Kafka clients for the item topic, with the settings that bound what they hold. */
final class ItemTopic implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ItemTopic.class);

    private final IntakeSettings settings;
    private final Admin admin;

    ItemTopic(IntakeSettings settings) {
        this.settings = settings;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "uploader-deleter"));
    }

    Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int)
                settings.sessionTimeout().toMillis());
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int)
                settings.sessionTimeout().dividedBy(3).toMillis());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Lost records cost work and no items: what is there is read, and the log says what is missing.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, (int)
                settings.fetchBytesMax().asLongValue());
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, (int)
                settings.partitionFetchBytesMax().asLongValue());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Deletes records that nobody needs any more; what fails is deleted with the next. */
    void deleteBelow(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> wanted = offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> RecordsToDelete.beforeOffset(entry.getValue())));
        var unused = admin.deleteRecords(wanted).all().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.infof("Records not deleted: cause=%s", failure.getClass().getSimpleName());
            }
        });
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
