package io.mailferry.simulator.ews;

import java.io.IOException;

/** The frame of response messages, one for each thing that a request asked for. */
final class ResponseMessages {
    private final XmlOut out;

    ResponseMessages(XmlOut out) {
        this.out = out;
    }

    void success(String operation) throws IOException {
        out.open("m:" + operation + "ResponseMessage", "ResponseClass", "Success");
        out.element("m:ResponseCode", "NoError");
    }

    void end(String operation) throws IOException {
        out.close("m:" + operation + "ResponseMessage");
    }

    /**
     * @param tail what the schema wants after the code even in an error, for example an empty list
     */
    void error(String operation, EwsException error, String tail) throws IOException {
        String message = error.getMessage();
        error(operation, error.code(), message == null ? "" : message, "", tail);
    }

    void error(String operation, String code, String text, String messageXml, String tail) throws IOException {
        out.open("m:" + operation + "ResponseMessage", "ResponseClass", "Error");
        out.element("m:MessageText", text).element("m:ResponseCode", code).element("m:DescriptiveLinkKey", 0);
        out.raw(messageXml).raw(tail);
        end(operation);
    }
}
