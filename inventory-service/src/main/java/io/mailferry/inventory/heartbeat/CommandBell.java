package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.id.AgentId;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Wakes the agents that wait for their answer when there is something to say to them. PostgreSQL carries the notice, so
 * it does not matter at which replica the agent waits and which one took the command. A notice that was missed while
 * PostgreSQL was away costs time only: whoever listens again rings for everybody.
 */
@Singleton
@Startup
final class CommandBell {
    private static final Logger LOG = Logger.getLogger(CommandBell.class);
    private static final String LISTEN = "LISTEN mailferry_inventory_agent_command";
    private static final int LISTEN_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 2_000;

    private final DataSource dataSource;
    private final ConcurrentMap<AgentId, Set<Waiting>> waiting = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final Thread listener;
    private volatile boolean stopping;

    CommandBell(DataSource dataSource, GatewaySettings settings) {
        this.dataSource = dataSource;
        this.places = new Semaphore(settings.longPollsMax());
        this.listener = Thread.ofPlatform().daemon().name("command-bell").unstarted(this::listen);
        listener.start();
    }

    /** An agent that may wait; to be made before it is looked what there is to say, so that nothing falls between. */
    final class Waiting implements AutoCloseable {
        private final AgentId agent;
        private final boolean hasPlace;
        private final Semaphore rings = new Semaphore(0);

        private Waiting(AgentId agent, boolean hasPlace) {
            this.agent = agent;
            this.hasPlace = hasPlace;
        }

        /** Whether it rang within that time; false at once when there is no place to wait, or the service stops. */
        boolean await(Duration patience) {
            if (!hasPlace || stopping) {
                return false;
            }
            try {
                boolean rang = rings.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
                rings.drainPermits();
                return rang && !stopping;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            waiting.computeIfPresent(agent, (_, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
            if (hasPlace) {
                places.release();
            }
        }
    }

    /** @param wanted whether the agent asked to wait at all */
    Waiting expect(AgentId agent, boolean wanted) {
        Waiting made = new Waiting(agent, wanted && places.tryAcquire());
        if (made.hasPlace) {
            waiting.compute(agent, (_, all) -> {
                Set<Waiting> others = all == null ? ConcurrentHashMap.newKeySet() : all;
                others.add(made);
                return others;
            });
        }
        return made;
    }

    private void listen() {
        while (!stopping) {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(LISTEN);
                // What was told while nobody listened.
                ringAll();
                listen(connection.unwrap(PGConnection.class), statement);
            } catch (SQLException e) {
                if (!stopping) {
                    LOG.warnf("Commands are not listened for: failure=SQLState%s", e.getSQLState());
                    pause();
                }
            }
        }
    }

    private void listen(PGConnection notices, Statement statement) throws SQLException {
        while (!stopping) {
            PGNotification[] heard = notices.getNotifications(LISTEN_MILLIS);
            if (heard == null || heard.length == 0) {
                // A connection that died without a word would be silent for ever.
                statement.execute("SELECT 1");
            } else {
                for (PGNotification notice : heard) {
                    ring(AgentId.of(notice.getParameter()));
                }
            }
        }
    }

    private void ring(AgentId agent) {
        Set<Waiting> all = waiting.get(agent);
        if (all != null) {
            all.forEach(each -> each.rings.release());
        }
    }

    private void ringAll() {
        waiting.values().forEach(all -> all.forEach(each -> each.rings.release()));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before requests are drained: who waits is answered now. */
    void drain(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        ringAll();
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
        ringAll();
        listener.interrupt();
    }
}
