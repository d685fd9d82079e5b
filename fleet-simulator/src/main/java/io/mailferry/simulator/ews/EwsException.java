package io.mailferry.simulator.ews;

/** An error with its EWS response code: of one response message, or of the whole request. */
final class EwsException extends Exception {
    private final String code;

    EwsException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }

    static EwsException itemNotFound() {
        return new EwsException("ErrorItemNotFound", "The specified object was not found in the store.");
    }

    static EwsException folderNotFound() {
        return new EwsException("ErrorFolderNotFound", "The specified folder could not be found in the store.");
    }
}
