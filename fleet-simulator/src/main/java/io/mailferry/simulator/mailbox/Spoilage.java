package io.mailferry.simulator.mailbox;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What is wrong with an item on purpose. */
public enum Spoilage {
    /** ErrorItemCorrupt to whoever opens it. */
    @JsonProperty("corrupt")
    CORRUPT("corrupt", false),
    /** Its properties can be read, its content cannot be converted or exported. */
    @JsonProperty("conversionFailed")
    CONVERSION_FAILED("conversionFailed", false),
    /** Control characters stand where characters of its content should be, so the content is lost. */
    @JsonProperty("controlCharactersInContent")
    CONTROL_CHARACTERS_IN_CONTENT("controlCharactersInContent", false),
    /** Control characters, raw and as references, stand in its subject; the content is whole. */
    @JsonProperty("controlCharactersInSubject")
    CONTROL_CHARACTERS_IN_SUBJECT("controlCharactersInSubject", true);

    private final String word;
    private final boolean readable;

    Spoilage(String word, boolean readable) {
        this.word = word;
        this.readable = readable;
    }

    /** As the fleet file and the truth name it. */
    public String word() {
        return word;
    }

    /** Whether a good client can be expected to read the item's whole content. */
    public boolean readable() {
        return readable;
    }
}
