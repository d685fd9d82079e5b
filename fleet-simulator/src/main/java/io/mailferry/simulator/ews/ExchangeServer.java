package io.mailferry.simulator.ews;

import io.mailferry.simulator.fault.Faults;
import io.mailferry.simulator.mailbox.Mailbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One simulated server: its build, who may log on, its mailboxes and its faults. */
public final class ExchangeServer {

    /**
     * Who may log on.
     *
     * @param user a UPN or DOMAIN\name, compared without case
     * @param password in clear: these guard nothing
     * @param mailbox the user's own mailbox, or null for a service account
     * @param mayImpersonate whether the user holds the role ApplicationImpersonation
     */
    public record Account(
            String user, String password, @Nullable String mailbox, boolean mayImpersonate) {
        /** Neither user nor password is for logs. */
        @Override
        public String toString() {
            return "Account";
        }
    }

    private final String name;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final Map<String, Mailbox> mailboxes = new LinkedHashMap<>();
    private final Faults faults;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private volatile ServerBuild build;

    public ExchangeServer(
            String name, ServerBuild build, List<Account> accounts, List<Mailbox> mailboxes, Faults faults) {
        this.name = name;
        this.build = build;
        this.faults = faults;
        accounts.forEach(account -> this.accounts.put(account.user().toLowerCase(Locale.ROOT), account));
        mailboxes.forEach(mailbox -> this.mailboxes.put(mailbox.address(), mailbox));
    }

    public String name() {
        return name;
    }

    public ServerBuild build() {
        return build;
    }

    /** As if an update had been installed. */
    public void install(ServerBuild newBuild) {
        build = newBuild;
    }

    public Faults faults() {
        return faults;
    }

    public List<Mailbox> mailboxes() {
        return List.copyOf(mailboxes.values());
    }

    public Optional<Mailbox> mailbox(String address) {
        return Optional.ofNullable(mailboxes.get(address.toLowerCase(Locale.ROOT)));
    }

    Optional<Account> account(String user, String password) {
        return Optional.ofNullable(accounts.get(user.toLowerCase(Locale.ROOT)))
                .filter(account -> account.password().equals(password));
    }

    void count(String what, long by) {
        requests.computeIfAbsent(what, name -> new LongAdder()).add(by);
    }

    /** How many requests of each operation came; under "items" how many items were asked for, under "fault:" those struck. */
    public Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        requests.forEach((what, count) -> counts.put(what, count.sum()));
        return counts;
    }
}
