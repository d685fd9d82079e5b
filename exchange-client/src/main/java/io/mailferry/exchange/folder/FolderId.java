package io.mailferry.exchange.folder;

/** The id of a folder as the server gave it: case-sensitive, does not change on a move. */
public record FolderId(String value) {

    public FolderId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a folder id is not empty");
        }
    }
}
