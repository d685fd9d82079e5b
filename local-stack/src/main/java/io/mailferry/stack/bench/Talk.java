package io.mailferry.stack.bench;

/** What the lines of a load say and hear; called by the load's one thread only. */
interface Talk {
    /** The next request of this line, whole, as it goes over the wire. */
    byte[] next(int line);

    /** The answer to the line's last request. */
    void heard(int line, int status, byte[] body);
}
