package io.mailferry.exporter.attempt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a mailbox is read and cut into pages. */
@ConfigMapping(prefix = "mailferry.attempt")
public interface AttemptSettings {
    /** A page ends when its sealed parts reach so many bytes; an item is never cut. */
    @WithDefault("8388608")
    long pageBytesMax();

    /** Properties of so many items are asked for at a time. */
    @WithDefault("100")
    int headersPerRequest();

    /** Contents of so many items are asked for at a time; Exchange gives a batch one minute of its own time. */
    @WithDefault("10")
    int contentsPerRequest();

    /** Contents of so many bytes, by the server's sizes, are asked for at a time; a larger item is asked for alone. */
    @WithDefault("8388608")
    long contentBytesPerRequest();

    /** A content up to so many bytes is read whole before it is sent, so that one that breaks off leaves no trace. */
    @WithDefault("2097152")
    int bufferedBytesMax();

    /** Level of zstd; 1 to 3 cost about the same. */
    @WithDefault("3")
    int compressionLevel();

    /**
     * How long the uploader may take to open an attempt, to store anything further, or to record the restore point,
     * before the job begins again from the log. Raise it where one pack takes longer to the object store.
     */
    @WithDefault("PT1M30S")
    Duration uploaderSilence();

    /** Without a progress event for so long, the log is looked at instead. */
    @WithDefault("PT2S")
    Duration logPoll();

    /** How often one turn with a job may begin a new attempt after the uploader refused the one before. */
    @WithDefault("5")
    int restartsMax();

    /** A sync answer that deletes at least so many items is believed only after the folder was seen to be there. */
    @WithDefault("10")
    int deletionsToConfirm();

    /** How often a read of the bucket is made before the attempt fails. */
    @WithDefault("5")
    int storeAttemptsMax();

    /** Pause after the first failed read of the bucket; doubled after each further one. */
    @WithDefault("PT0.2S")
    Duration storePause();

    /** Pages of changes to the folder hierarchy that are read in a row; a server that never ends is not followed. */
    @WithDefault("1000")
    int hierarchyPagesMax();

    /** Empty pages of changes to one folder that are read in a row; a server that never ends is not followed. */
    @WithDefault("1000")
    int emptyPagesMax();

    /** Pieces of a large content, each as Exchange sent it, that may lie between reading and sealing. */
    @WithDefault("8")
    int contentPiecesMax();

    /**
     * How long reading and sealing of a large content may wait for each other. Longer than any wait of either that is
     * meant: than an Exchange server may take for a read, and than the item topic may take for a record.
     */
    @WithDefault("PT15M")
    Duration contentSilence();

    /** How one request to Exchange is bounded and repeated. */
    Exchange exchange();

    /** Bounds of requests to Exchange. */
    interface Exchange {
        /** How long a connection may take. */
        @WithDefault("PT20S")
        Duration connect();

        /** How long one read may wait; Exchange works up to a minute on a batch before it answers. */
        @WithDefault("PT2M")
        Duration read();

        /** How long a whole answer may take. */
        @WithDefault("PT30M")
        Duration answer();

        /** How many bytes an answer may have. */
        @WithDefault("8589934592")
        long answerBytesMax();

        /** How many redirects in a row are followed; those that leave the server's host never are. */
        @WithDefault("3")
        int redirectsMax();

        /** How often one request is made, the first time included. */
        @WithDefault("5")
        int attemptsMax();

        /** The first pause between two of them. */
        @WithDefault("PT0.5S")
        Duration pauseMin();

        /** The longest pause of ours. */
        @WithDefault("PT30S")
        Duration pauseMax();

        /** The longest pause that a server may ask for without the job being put back. */
        @WithDefault("PT1M")
        Duration backOffMax();
    }
}
