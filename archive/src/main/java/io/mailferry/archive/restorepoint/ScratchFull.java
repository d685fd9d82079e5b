package io.mailferry.archive.restorepoint;

import java.io.IOException;

/** The scratch folder's budget is used up; more is a matter of settings, not of trying again. */
public final class ScratchFull extends IOException {
    private static final long serialVersionUID = 1;

    ScratchFull(long bytesMax) {
        super("scratch folder holds no more than " + bytesMax + " bytes");
    }
}
