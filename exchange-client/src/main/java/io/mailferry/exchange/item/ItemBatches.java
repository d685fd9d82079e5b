package io.mailferry.exchange.item;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.answer.ResponseMessage;
import io.mailferry.exchange.connection.EwsConnection;
import io.mailferry.exchange.connection.RepeatedCalls;
import io.mailferry.exchange.connection.SoapRequest;
import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch so that a bad item costs at most itself. An answer that breaks off, or becomes unreadable, inside an
 * item makes that item a suspect: it is asked for alone, the others go on together. A suspect that fails alone, often
 * enough, is handed on as failed. An answer that fails before its first item says nothing about items and is repeated
 * as a whole.
 */
final class ItemBatches {

    private final EwsConnection connection;
    private final RepeatedCalls repeated;
    private final String shape;
    private final ItemCalls.Reading reading;
    private final Map<ItemId, Integer> attempts = new LinkedHashMap<>();
    private final Deque<List<ItemId>> work = new ArrayDeque<>();

    /** How many calls failed in a row without a single item in their answers. */
    private int barren;

    ItemBatches(EwsConnection connection, RepeatedCalls repeated, String shape, ItemCalls.Reading reading) {
        this.connection = connection;
        this.repeated = repeated;
        this.shape = shape;
        this.reading = reading;
    }

    @Nullable
    ExchangeFailure read(List<ItemId> ids) {
        if (ids.isEmpty()) {
            return null;
        }
        work.add(List.copyOf(ids));
        while (!work.isEmpty()) {
            List<ItemId> batch = work.remove();
            Round round = new Round(batch);
            ExchangeFailure broken = round.call();
            ExchangeFailure stopped = broken == null ? afterAnswer(round) : afterBreak(round, broken);
            if (stopped != null) {
                return stopped;
            }
        }
        return null;
    }

    /** The answer was read to its end: what it lacks, or asks to repeat, is asked for again. */
    private @Nullable ExchangeFailure afterAnswer(Round round) {
        repeated.answered();
        barren = round.toRepeat.size() == round.batch.size() ? barren + 1 : 0;
        List<ItemId> held = new ArrayList<>();
        ExchangeFailure pressing = null;
        for (Map.Entry<ItemId, ExchangeFailure> entry : round.toRepeat.entrySet()) {
            ExchangeFailure failure = entry.getValue();
            if (failure.reach() == FailureReach.ITEM) {
                again(entry.getKey(), failure, 1);
            } else {
                // A busy server says nothing about the item: these are asked for again, or left to the caller.
                held.add(entry.getKey());
                pressing = failure;
            }
        }
        ExchangeFailure missing = ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.ITEM, "MissingInAnswer");
        for (ItemId id : round.left()) {
            again(id, missing, 1);
        }
        if (pressing == null) {
            return null;
        }
        work.addLast(held);
        return pause(Math.max(1, barren), pressing) ? null : pressing;
    }

    private @Nullable ExchangeFailure afterBreak(Round round, ExchangeFailure broken) {
        ItemId suspect = round.current;
        List<ItemId> rest = round.left();
        if (suspect != null) {
            reading.abandon(suspect);
            rest.remove(suspect);
            again(suspect, broken, round.batch.size() == 1 || !broken.repeatable() ? 1 : 0);
        }
        List<ItemId> held = new ArrayList<>(round.toRepeat.keySet());
        if (!held.isEmpty()) {
            work.addLast(held);
        }
        if (suspect == null && round.answered == 0 && broken.category() == FailureCategory.POISON) {
            // Damaged before the first item: whose fault it is shows when they are asked for one by one.
            for (ItemId id : rest) {
                again(id, broken, round.batch.size() == 1 ? 1 : 0);
            }
            return null;
        }
        if (!rest.isEmpty()) {
            work.addLast(rest);
        }
        if (suspect != null || round.answered > held.size()) {
            barren = 0;
            return broken.repeatable() && !pause(1, broken) ? broken : null;
        }
        barren++;
        return pause(barren, broken) ? null : broken;
    }

    private boolean pause(int attempt, ExchangeFailure failure) {
        return repeated.pauseBefore(attempt, failure);
    }

    /** Asks for an item again, alone; or hands it on as failed when it had its chances. */
    private void again(ItemId id, ExchangeFailure failure, int counted) {
        int made = attempts.merge(id, counted, Integer::sum);
        if (made >= repeated.attemptsMax() || (!failure.repeatable() && made >= 2)) {
            reading.failed(id, failure.poisoned());
            return;
        }
        work.addLast(List.of(id));
    }

    /** One request and what came of it. */
    private final class Round {
        private final List<ItemId> batch;
        private final Map<ItemId, ExchangeFailure> toRepeat = new LinkedHashMap<>();
        private int answered;
        private @Nullable ItemId current;

        Round(List<ItemId> batch) {
            this.batch = batch;
        }

        @Nullable
        ExchangeFailure call() {
            StringBuilder request =
                    new StringBuilder("<m:GetItem>").append(shape).append("<m:ItemIds>");
            for (ItemId id : batch) {
                request.append("<t:ItemId Id=\"")
                        .append(SoapRequest.escaped(id.value()))
                        .append("\"/>");
            }
            request.append("</m:ItemIds></m:GetItem>");
            try {
                connection.call(request.toString(), this::readAnswer);
                return null;
            } catch (ExchangeException e) {
                return e.failure();
            }
        }

        private Boolean readAnswer(AnswerReader reader) {
            int depth = reader.depth();
            while (reader.nextChild(depth)) {
                int messages = reader.depth();
                while (reader.nextChild(messages)) {
                    if (answered == batch.size()) {
                        // More messages than asked for: they are nobody's.
                        return true;
                    }
                    readMessage(reader, batch.get(answered));
                }
            }
            return true;
        }

        private void readMessage(AnswerReader reader, ItemId id) {
            current = id;
            boolean[] whole = {false};
            ExchangeFailure failure = ResponseMessage.read(reader, name -> {
                if (name.equals("Items")) {
                    int items = reader.depth();
                    while (reader.nextChild(items)) {
                        if (!whole[0]) {
                            whole[0] = reading.read(reader, id);
                        }
                    }
                }
            });
            current = null;
            answered++;
            if (whole[0]) {
                return;
            }
            reading.abandon(id);
            if (failure == null) {
                toRepeat.put(id, ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.ITEM, "IncompleteItem"));
            } else if (failure.repeatable()) {
                toRepeat.put(id, failure);
            } else {
                reading.failed(id, failure);
            }
        }

        /** The items of which the answer said nothing. */
        List<ItemId> left() {
            return new ArrayList<>(batch.subList(answered, batch.size()));
        }
    }
}
