package io.mailferry.exchange;

import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.item.ContentSink;
import io.mailferry.exchange.item.ItemId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps contents that ended and what failed, and refuses calls in a wrong order. */
final class RecordedContents implements ContentSink {

    final Map<String, String> ended = new LinkedHashMap<>();
    final Map<String, ExchangeFailure> failed = new LinkedHashMap<>();
    final List<String> abandoned = new ArrayList<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private String current = "";

    @Override
    public void begin(ItemId id) {
        expect("");
        current = id.value();
        open.reset();
    }

    @Override
    public void content(byte[] bytes, int offset, int length) {
        if (current.isEmpty()) {
            throw new IllegalStateException("content of no item");
        }
        open.write(bytes, offset, length);
    }

    @Override
    public void end(ItemId id) {
        expect(id.value());
        if (ended.put(current, open.toString(StandardCharsets.UTF_8)) != null) {
            throw new IllegalStateException("ended twice");
        }
        current = "";
    }

    @Override
    public void abandon(ItemId id) {
        expect(id.value());
        abandoned.add(current);
        current = "";
    }

    @Override
    public void failed(ItemId id, ExchangeFailure failure) {
        expect("");
        failed.put(id.value(), failure);
    }

    private void expect(String id) {
        if (!current.equals(id)) {
            throw new IllegalStateException("items interleave");
        }
    }
}
