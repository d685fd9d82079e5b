package io.mailferry.system;

import io.mailferry.contracts.Topic;
import io.mailferry.stack.KafkaBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How far the item topic has been written. */
final class ItemTopic {
    private static final long SECONDS = 30;

    private final KafkaBroker kafka;

    ItemTopic(KafkaBroker kafka) {
        this.kafka = kafka;
    }

    /** The sum of the partitions' end offsets, which grows by one with each record and never falls. */
    long written() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            Map<TopicPartition, OffsetSpec> ends = admin
                    .describeTopics(List.of(Topic.ITEMS))
                    .allTopicNames()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .get(Topic.ITEMS)
                    .partitions()
                    .stream()
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition(Topic.ITEMS, partition.partition()),
                            partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get(SECONDS, TimeUnit.SECONDS).values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
