package io.mailferry.simulator.mail;

import java.util.List;

/**
 * The marker phrases that generated mail is full of. A test looks for them where no mail may be: in logs, on the broker, in
 * the database, in the bucket. They are words that appear nowhere else.
 */
public final class Phrases {
    /** Each generated subject that is not empty holds one of these. */
    public static final List<String> SUBJECTS =
            List.of("amberwhistle", "copperquill", "driftlantern", "frostmarigold", "harbourthimble", "silverbramble");

    /** Each generated body holds one of these, in plain text where the transfer encoding leaves ASCII readable. */
    public static final List<String> BODIES =
            List.of("zephyr quince ledger", "velvet otter manifest", "umbral saffron dossier", "quartz heron covenant");

    /** Generated correspondents have addresses in these domains. */
    public static final List<String> DOMAINS =
            List.of("pemberlark.example", "thistlewane.example", "gorsefennel.example");

    /** The settings that simulated agents give into escrow hold this. */
    public static final String SETTINGS = "saltmarsh escrow lantern";

    private Phrases() {}
}
