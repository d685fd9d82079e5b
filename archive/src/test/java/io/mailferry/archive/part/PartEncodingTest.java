package io.mailferry.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartEncodingTest {
    private final PartLabel label = new PartLabel(
            TenantId.random(),
            MailboxId.random(),
            AttemptId.random(),
            PageId.random(),
            Kind.CONTENT,
            new FolderKey(1, 2, 3, 4),
            new ItemKey(5, 6, 7, 8),
            ContentId.random(),
            70_000,
            true,
            false,
            new byte[] {1, 2, 3});

    @Test
    void isReadByStockAvro() throws IOException {
        byte[] encoded = Part.encode(label, new byte[200], new byte[100_000]);

        GenericRecord record =
                new BinaryMessageDecoder<GenericRecord>(GenericData.get(), PartSchema.SCHEMA).decode(encoded);

        assertThat(record.get("kind")).hasToString("CONTENT");
        assertThat(record.get("number")).isEqualTo(70_000);
        assertThat(((GenericData.Fixed) record.get("item")).bytes())
                .isEqualTo(label.item().bytes());
        assertThat((boolean) record.get("headerLast")).isTrue();
        assertThat((boolean) record.get("last")).isFalse();
        assertThat(((ByteBuffer) record.get("clear")).remaining()).isEqualTo(3);
        assertThat(((ByteBuffer) record.get("content")).remaining()).isEqualTo(100_000);
    }

    @Test
    void readsItsLabelBack() throws IOException {
        Part part = Part.read(Part.encode(label, new byte[] {9}, new byte[] {8, 8}));

        assertThat(part.label()).usingRecursiveComparison().isEqualTo(label);
        assertThat(part.sealedHeader()).containsExactly(9);
        assertThat(part.sealedContent()).containsExactly(8, 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, 63, 64, -64, -65, 8_191, 8_192, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void writesNumbersAsLongAsItSays(long number) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10);

        AvroBytes.putLong(buffer, number);

        assertThat(buffer.position()).isEqualTo(AvroBytes.longLength(number));
        assertThat(AvroBytes.readLong(buffer.flip())).isEqualTo(number);
    }

    @Test
    void refusesAPartOfAnotherSchema() {
        byte[] encoded = Part.encode(label, new byte[0], new byte[0]);
        encoded[5] ^= 1;

        assertThatThrownBy(() -> Part.read(encoded))
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(Damage.UNSUPPORTED));
    }

    @Test
    void answersAnyBytesWithDamageOnly() {
        Random random = new Random(4);
        byte[] encoded = Part.encode(label, new byte[50], new byte[50]);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = encoded.clone();
            for (int j = 0; j <= i % 5; j++) {
                changed[10 + random.nextInt(changed.length - 10)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(Part.read(changed).label()).isNotNull();
            } catch (Damaged e) {
                assertThat(e.damage()).isIn(Damage.MALFORMED, Damage.TRUNCATED);
            }
        }
    }
}
