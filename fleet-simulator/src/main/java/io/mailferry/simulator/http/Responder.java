package io.mailferry.simulator.http;

import java.io.IOException;

/** What a listener does with each request. */
public interface Responder {

    /**
     * Answers one request. An exception ends the connection; the listener answers 500 first if nothing was sent yet.
     *
     * @throws IOException if the connection broke or was broken on purpose
     */
    void serve(HttpRequest request, HttpAnswer answer) throws IOException;
}
