package io.mailferry.archive.page;

import java.util.regex.Pattern;

/** Causes and gaps are words, never text: they lie in clear and are signed line by line. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Words() {}

    static String require(String word) {
        if (word == null || !WORD.matcher(word).matches()) {
            throw new IllegalArgumentException("not a word");
        }
        return word;
    }
}
