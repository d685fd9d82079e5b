package io.mailferry.simulator.ews;

import io.mailferry.simulator.fault.Fault;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpRequest;
import io.mailferry.simulator.http.Responder;
import io.mailferry.simulator.mailbox.Mailbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** POST /EWS/Exchange.asmx of one server. */
public final class EwsEndpoint implements Responder {
    public static final String PATH = "/EWS/Exchange.asmx";

    private static final String XML = "text/xml; charset=utf-8";
    private static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";
    private static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    private static final String ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors";

    private final ExchangeServer server;

    public EwsEndpoint(ExchangeServer server) {
        this.server = server;
    }

    @Override
    public void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        if (!request.path().equalsIgnoreCase(PATH)) {
            answer.send(404, "text/plain", "not found");
            return;
        }
        Optional<ExchangeServer.Account> account = authenticate(request);
        if (account.isEmpty()) {
            server.count("unauthorized", 1);
            answer.header("WWW-Authenticate", "Basic realm=\"" + server.name() + "\"");
            answer.send(401, "text/html", "");
            return;
        }
        if (!request.method().equals("POST")) {
            answer.header("Allow", "POST");
            answer.send(405, "text/html", "");
            return;
        }
        SoapRequest soap;
        try {
            soap = SoapRequest.parse(request.body());
        } catch (EwsException e) {
            fault(answer, e.code(), e.getMessage(), "");
            return;
        }
        server.count(soap.name(), 1);
        server.count("items", ItemOperations.wanted(soap.operation()));
        Optional<Fault> fault = server.faults().strike(soap.name());
        fault.ifPresent(struck -> server.count("fault:" + struck.getClass().getSimpleName(), 1));
        if (!strike(fault.orElse(null), soap, answer)) {
            answer(soap, account.get(), answer);
        }
    }

    /** Does what the fault says; true if that was the whole answer. */
    private boolean strike(@Nullable Fault fault, SoapRequest soap, HttpAnswer answer) throws IOException {
        switch (fault) {
            case null -> {
                return false;
            }
            case Fault.Busy busy -> {
                fault(answer, "ErrorServerBusy", BUSY_TEXT, backOff(busy.backOffMilliseconds()));
                return true;
            }
            case Fault.BusyInAnswer busy -> {
                refuseInAnswer(soap, answer, "ErrorServerBusy", BUSY_TEXT, backOff(busy.backOffMilliseconds()));
                return true;
            }
            case Fault.ErrorInAnswer error -> {
                refuseInAnswer(soap, answer, error.code(), "The server was told to answer so.", "");
                return true;
            }
            case Fault.Unavailable unavailable -> {
                answer.header("Retry-After", Integer.toString(unavailable.retryAfterSeconds()));
                answer.send(503, "text/html", "Service Unavailable");
                return true;
            }
            case Fault.Reset reset -> answer.resetAfter(reset.afterBytes());
            case Fault.Slow slow -> answer.slowTo(slow.bytesPerSecond());
        }
        return false;
    }

    private static final String BUSY_TEXT = "The server cannot service this request right now. Try again later.";

    private static String backOff(long milliseconds) {
        return "<t:Value Name=\"BackOffMilliseconds\">" + milliseconds + "</t:Value>";
    }

    private void refuseInAnswer(SoapRequest soap, HttpAnswer answer, String code, String text, String values)
            throws IOException {
        try (OutputStream stream = answer.begin(200, XML)) {
            XmlOut out = new XmlOut(stream);
            begin(out, soap.name());
            String messageXml = values.isEmpty() ? "" : "<m:MessageXml>" + values + "</m:MessageXml>";
            for (int i = 0; i < Math.max(1, ItemOperations.wanted(soap.operation())); i++) {
                new ResponseMessages(out).error(soap.name(), code, text, messageXml, "");
            }
            end(out, soap.name());
        }
    }

    private void answer(SoapRequest soap, ExchangeServer.Account account, HttpAnswer answer) throws IOException {
        try {
            Mailbox mailbox = mailbox(soap, account);
            if (!isKnown(soap.name())) {
                throw new EwsException("ErrorInvalidRequest", "The request is invalid.");
            }
            LateStream late = new LateStream(answer);
            XmlOut out = new XmlOut(late);
            begin(out, soap.name());
            perform(soap, mailbox, out);
            end(out, soap.name());
            late.close();
        } catch (EwsException e) {
            if (answer.hasBegun()) {
                throw new IOException("The request turned out invalid after its answer had begun", e);
            }
            fault(answer, e.code(), e.getMessage(), "");
        }
    }

    private static boolean isKnown(String operation) {
        return switch (operation) {
            case "GetFolder",
                    "FindFolder",
                    "SyncFolderHierarchy",
                    "GetItem",
                    "FindItem",
                    "SyncFolderItems",
                    "ExportItems" -> true;
            default -> false;
        };
    }

    private static void perform(SoapRequest soap, Mailbox mailbox, XmlOut out) throws IOException, EwsException {
        ResponseMessages messages = new ResponseMessages(out);
        FolderOperations folders = new FolderOperations(mailbox, messages, out);
        ItemOperations items = new ItemOperations(mailbox, messages, out);
        switch (soap.name()) {
            case "GetFolder" -> folders.getFolder(soap.operation());
            case "FindFolder" -> folders.findFolder(soap.operation());
            case "SyncFolderHierarchy" -> folders.syncFolderHierarchy(soap.operation());
            case "GetItem" -> items.getItem(soap.operation());
            case "FindItem" -> items.findItem(soap.operation());
            case "SyncFolderItems" -> items.syncFolderItems(soap.operation());
            case "ExportItems" -> items.exportItems(soap.operation());
            default -> throw new EwsException("ErrorInvalidRequest", "The request is invalid.");
        }
    }

    private Mailbox mailbox(SoapRequest soap, ExchangeServer.Account account) throws EwsException {
        String wanted = soap.impersonated();
        if (wanted == null) {
            if (account.mailbox() == null) {
                throw new EwsException(
                        "ErrorMissingEmailAddress",
                        "When making a request as an account that does not have a mailbox, you must specify the mailbox"
                                + " primary SMTP address for any distinguished folder Ids.");
            }
            return server.mailbox(account.mailbox()).orElseThrow();
        }
        if (!account.mayImpersonate() && !wanted.equals(account.mailbox())) {
            throw new EwsException(
                    "ErrorImpersonateUserDenied",
                    "The account does not have permission to impersonate the requested user.");
        }
        return server.mailbox(wanted)
                .orElseThrow(() -> new EwsException(
                        "ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it."));
    }

    private Optional<ExchangeServer.Account> authenticate(HttpRequest request) {
        String header = request.header("authorization");
        if (header == null || !header.regionMatches(true, 0, "Basic ", 0, 6)) {
            return Optional.empty();
        }
        String decoded;
        try {
            decoded = new String(Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = decoded.indexOf(':');
        return colon < 0 ? Optional.empty() : server.account(decoded.substring(0, colon), decoded.substring(colon + 1));
    }

    private void begin(XmlOut out, String operation) throws IOException {
        envelope(out);
        out.open("s:Body").open("m:" + operation + "Response").open("m:ResponseMessages");
    }

    private static void end(XmlOut out, String operation) throws IOException {
        out.close("m:ResponseMessages")
                .close("m:" + operation + "Response")
                .close("s:Body")
                .close("s:Envelope");
        out.finish();
    }

    private void envelope(XmlOut out) throws IOException {
        ServerBuild build = server.build();
        out.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        out.open(
                "s:Envelope",
                "xmlns:s",
                "http://schemas.xmlsoap.org/soap/envelope/",
                "xmlns:m",
                MESSAGES,
                "xmlns:t",
                TYPES);
        out.open("s:Header");
        out.empty(
                "t:ServerVersionInfo",
                "MajorVersion",
                Integer.toString(build.major()),
                "MinorVersion",
                Integer.toString(build.minor()),
                "MajorBuildNumber",
                Integer.toString(build.majorBuild()),
                "MinorBuildNumber",
                Integer.toString(build.minorBuild()),
                "Version",
                "V2_23");
        out.close("s:Header");
    }

    private void fault(HttpAnswer answer, String code, @Nullable String text, String values) throws IOException {
        String message = text == null ? "" : text;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        XmlOut out = new XmlOut(body);
        envelope(out);
        out.open("s:Body").open("s:Fault");
        out.element("faultcode", "t:" + code)
                .open("faultstring", "xml:lang", "en-US")
                .text(message);
        out.close("faultstring").open("detail");
        out.open("e:ResponseCode", "xmlns:e", ERRORS).text(code).close("e:ResponseCode");
        out.open("e:Message", "xmlns:e", ERRORS).text(message).close("e:Message");
        if (!values.isEmpty()) {
            out.open("t:MessageXml").raw(values).close("t:MessageXml");
        }
        out.close("detail").close("s:Fault").close("s:Body").close("s:Envelope").finish();
        answer.send(500, XML, body.toByteArray());
    }

    /** Begins the answer at the first byte, so that an error found before that can still be a SOAP fault. */
    private static final class LateStream extends OutputStream {
        private final HttpAnswer answer;
        private @Nullable OutputStream begun;

        LateStream(HttpAnswer answer) {
            this.answer = answer;
        }

        private OutputStream stream() throws IOException {
            OutputStream stream = begun;
            if (stream == null) {
                stream = answer.begin(200, XML);
                begun = stream;
            }
            return stream;
        }

        @Override
        public void write(int b) throws IOException {
            stream().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream().write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            stream().close();
        }
    }
}
