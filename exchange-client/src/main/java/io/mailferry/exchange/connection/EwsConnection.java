package io.mailferry.exchange.connection;

import io.mailferry.exchange.answer.AnswerReader;
import io.mailferry.exchange.answer.ServerVersion;
import io.mailferry.exchange.answer.SoapAnswer;
import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.apache.http.Header;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and reads its answer, once: no repetition here. Answers are read from the socket as they come, and
 * a call that fails breaks its connection off, so that nothing of a 150 MB answer is fetched for nothing. One for each
 * worker.
 */
public final class EwsConnection implements AutoCloseable {

    private final EwsEndpoint endpoint;
    private final MailboxAddress mailbox;
    private final ConnectionLimits limits;
    private final Clock clock;
    private final LibrarySession session;
    private final SoapRequest envelope;
    private URI url;
    private @Nullable ServerVersion version;

    public EwsConnection(
            EwsEndpoint endpoint,
            Credentials credentials,
            MailboxAddress mailbox,
            ConnectionLimits limits,
            Clock clock) {
        this.endpoint = endpoint;
        this.mailbox = mailbox;
        this.limits = limits;
        this.clock = clock;
        this.session = new LibrarySession(endpoint, credentials, limits);
        this.envelope = new SoapRequest(endpoint.impersonate() ? mailbox : null);
        this.url = endpoint.url();
    }

    /** The mailbox to name in distinguished folder ids; null when impersonation says it already. */
    public @Nullable MailboxAddress namedMailbox() {
        return endpoint.impersonate() ? null : mailbox;
    }

    /** The build of the server, as its last answer said; null before the first. */
    public @Nullable ServerVersion version() {
        return version;
    }

    /**
     * @param operation the XML of the SOAP body
     * @param body reads the answer's body; the reader stands at the operation's answer
     * @throws ExchangeException whatever goes wrong, by category
     */
    public <T> T call(String operation, Function<AnswerReader, T> body) {
        byte[] request = envelope.around(operation).getBytes(StandardCharsets.UTF_8);
        for (int hop = 0; hop <= limits.redirectsMax(); hop++) {
            HttpPost post = new HttpPost(url);
            post.setHeader("Content-Type", "text/xml; charset=utf-8");
            post.setHeader("Accept", "text/xml");
            post.setHeader("User-Agent", "Mailferry");
            post.setHeader("X-AnchorMailbox", mailbox.value());
            post.setEntity(new ByteArrayEntity(request));
            boolean whole = false;
            try (CloseableHttpResponse response = session.execute(post)) {
                int status = response.getStatusLine().getStatusCode();
                if (status >= 300 && status < 400) {
                    follow(response);
                    continue;
                }
                T result = read(response, status, body);
                whole = true;
                return result;
            } catch (IOException e) {
                throw new ExchangeException(ofBrokenConnection(e));
            } finally {
                if (!whole) {
                    post.abort();
                }
            }
        }
        throw new ExchangeException(FailureCategory.PERMANENT, FailureReach.SERVER, "TooManyRedirects");
    }

    private <T> T read(CloseableHttpResponse response, int status, Function<AnswerReader, T> body) throws IOException {
        if (status != 200 && status != 500) {
            throw new ExchangeException(ofStatus(status, response));
        }
        if (response.getEntity() == null) {
            throw new ExchangeException(FailureCategory.TRANSIENT, FailureReach.SERVER, "EmptyAnswer");
        }
        AnswerStream stream = new AnswerStream(
                response.getEntity().getContent(),
                clock,
                clock.instant().plus(limits.answer()),
                limits.answerBytesMax());
        try {
            return SoapAnswer.read(stream, body, seen -> version = seen);
        } catch (ExchangeException e) {
            if (stream.tooLarge()) {
                throw new ExchangeException(FailureCategory.POISON, FailureReach.ITEM, "AnswerTooLarge");
            }
            IOException broken = stream.broken();
            if (broken != null) {
                throw new ExchangeException(ofBrokenConnection(broken));
            }
            if (status == 500 && e.failure().code().equals("NotSoap")) {
                throw new ExchangeException(ofStatus(status, response));
            }
            throw e;
        }
    }

    /** Credentials and mail stay with the host that was named; only its paths may move. */
    private void follow(CloseableHttpResponse response) {
        Header location = response.getFirstHeader("Location");
        URI target;
        try {
            target = location == null ? null : url.resolve(location.getValue());
        } catch (IllegalArgumentException e) {
            target = null;
        }
        boolean sameHost = target != null
                && target.getHost() != null
                && target.getHost().equalsIgnoreCase(endpoint.url().getHost())
                && endpoint.url().getScheme().equalsIgnoreCase(target.getScheme())
                && target.getPort() == endpoint.url().getPort();
        if (target == null || !sameHost) {
            throw new ExchangeException(FailureCategory.PERMANENT, FailureReach.SERVER, "RedirectLeavesHost");
        }
        url = target;
    }

    private ExchangeFailure ofStatus(int status, CloseableHttpResponse response) {
        String code = "HttpStatus" + status;
        return switch (status) {
            case 401, 403, 456 -> ExchangeFailure.of(FailureCategory.PERMANENT, FailureReach.MAILBOX, code);
            case 429, 503 ->
                new ExchangeFailure(FailureCategory.THROTTLED, FailureReach.SERVER, code, retryAfter(response), null);
            case 408 -> ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.SERVER, code);
            default ->
                ExchangeFailure.of(
                        status >= 500 ? FailureCategory.TRANSIENT : FailureCategory.PERMANENT,
                        FailureReach.SERVER,
                        code);
        };
    }

    private @Nullable Duration retryAfter(CloseableHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        if (header == null) {
            return null;
        }
        String value = header.getValue().strip();
        if (value.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            return Duration.between(clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private ExchangeFailure ofBrokenConnection(IOException e) {
        if (e instanceof SSLException && session.sockets().fingerprint() != null && isRefusal(e)) {
            return new ExchangeFailure(
                    FailureCategory.PERMANENT,
                    FailureReach.SERVER,
                    "CertificateRefused",
                    null,
                    session.sockets().fingerprint());
        }
        String code = switch (e) {
            case SocketTimeoutException _ -> "ReadTimeout";
            // Also an InterruptedIOException, but nobody asked this thread to stop.
            case ConnectTimeoutException _ -> "ConnectTimeout";
            case InterruptedIOException _ -> "Interrupted";
            case SSLException _ -> "TlsBroken";
            case java.net.ConnectException _ -> "ConnectionRefused";
            case java.net.UnknownHostException _ -> "UnknownHost";
            default -> "ConnectionReset";
        };
        return ExchangeFailure.of(FailureCategory.TRANSIENT, FailureReach.SERVER, code);
    }

    private static boolean isRefusal(IOException e) {
        if (e instanceof javax.net.ssl.SSLPeerUnverifiedException) {
            return true;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof java.security.cert.CertificateException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        session.close();
    }
}
