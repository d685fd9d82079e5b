package io.mailferry.exchange.connection;

import org.jspecify.annotations.Nullable;

/** The envelope of a request. Exchange2010_SP2 is the newest version that the library knows, and enough. */
public final class SoapRequest {

    private static final String OPENING = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
            + "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\""
            + " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\">"
            + "<soap:Header><t:RequestServerVersion Version=\"Exchange2010_SP2\"/>";

    private final String head;

    SoapRequest(@Nullable MailboxAddress impersonated) {
        String impersonation = impersonated == null
                ? ""
                : "<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>"
                        + escaped(impersonated.value())
                        + "</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>";
        this.head = OPENING + impersonation + "</soap:Header><soap:Body>";
    }

    String around(String operation) {
        return head + operation + "</soap:Body></soap:Envelope>";
    }

    /** Text as it may stand in an element or an attribute of a request. */
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
