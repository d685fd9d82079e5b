package io.mailferry.cli;

import java.util.Locale;

/**
 * What a failure's code means for whoever is to mend it. Codes that are not known here are told as they are.
 *
 * @param what is wrong, without a full stop
 * @param remedy a sentence, or empty where there is nothing to do
 */
record Explanation(String what, String remedy) {
    private static final String CONNECT_AGAIN = "then connect the server again: mailferry connect";

    static Explanation of(String code) {
        return switch (code) {
            case "ConnectionRefused", "ConnectTimeout", "ConnectFailed" ->
                new Explanation(
                        "Exchange cannot be reached",
                        "Check that the server runs, the URL's host and port, and firewalls between exporter-service and"
                                + " it.");
            case "UnknownHost" ->
                new Explanation(
                        "the name of the Exchange server is not known where exporter-service runs",
                        "Check the URL's host, " + CONNECT_AGAIN + " --ews URL.");
            case "ConnectionReset", "EmptyAnswer" ->
                new Explanation("Exchange breaks connections off", "Check its state, and proxies before it.");
            case "ReadTimeout", "ErrorTimeoutExpired", "HttpStatus408" ->
                new Explanation("Exchange does not answer in time", "Check its load.");
            case "TlsBroken" ->
                new Explanation(
                        "no TLS connection comes about",
                        "Check that the URL is that of an https port, and that the server speaks TLS 1.2.");
            case "CertificateRefused" ->
                new Explanation(
                        "the Exchange server's certificate is not trusted",
                        "Connect the server again with --ca FILE, the authority that signed it, or with --pin SHA256 of"
                                + " the certificate; exporter-service's log tells the one it saw.");
            case "HttpStatus401", "ErrorPasswordExpired", "ErrorAccountDisabled", "HttpStatus456" ->
                new Explanation(
                        "Exchange refuses the account's user or password",
                        "Check both, and that the account is neither locked nor expired, " + CONNECT_AGAIN
                                + " --user U --password-file FILE.");
            case "CredentialsMissing" ->
                new Explanation("exporter-service has no password for this server", "Put it there: mailferry connect.");
            case "HttpStatus403",
                    "ErrorAccessDenied",
                    "ErrorImpersonateUserDenied",
                    "ErrorImpersonationDenied",
                    "ErrorImpersonationFailed" ->
                new Explanation(
                        "the account may not read this mailbox",
                        "Give it the role ApplicationImpersonation and connect with --impersonate, or full access to the"
                                + " mailbox; and see that EWS is open to it.");
            case "ErrorNonExistentMailbox", "ErrorMissingEmailAddress", "ErrorInvalidSmtpAddress" ->
                new Explanation(
                        "Exchange knows no mailbox of this address",
                        "Check the spelling, and that the mailbox is on this server.");
            case "HttpStatus404", "NotSoap", "TooManyRedirects", "RedirectLeavesHost", "EndpointInvalid" ->
                new Explanation(
                        "what answers at the URL is not EWS",
                        "It is one such as https://mail.example.com/EWS/Exchange.asmx; connect the server again with it.");
            case "ErrorServerBusy",
                    "ErrorExceededConnectionCount",
                    "ErrorTooManyObjectsOpened",
                    "HttpStatus429",
                    "HttpStatus503" ->
                new Explanation(
                        "Exchange asks to be left alone for a while",
                        "Nothing to do, unless it lasts: check its load.");
            case "ErrorMailboxMoveInProgress", "ErrorMailboxFailover", "ErrorMailboxStoreUnavailable" ->
                new Explanation("Exchange is moving or mounting the mailbox", "Wait for it.");
            default -> ofOurs(code);
        };
    }

    private static Explanation ofOurs(String code) {
        return switch (code) {
            case "KeyMissing", "KEY_MISSING" ->
                new Explanation(
                        "a key of the tenant is missing",
                        "The service's log names it; put it back from your copy of the keys.");
            case "KeyWrong", "KEY_UNREADABLE" ->
                new Explanation(
                        "a key of the tenant is not the one that sealed the archive",
                        "The service's log names it; put the right one back from your copy of the keys.");
            case "StoreUnavailable", "STORE_UNAVAILABLE" -> ofStore("Connection");
            case "STORE_REFUSES" -> ofStore("AccessDenied");
            case "KafkaUnavailable" -> new Explanation("Kafka does not take what was read", "Check Kafka.");
            case "UploaderSilent", "UploaderSilentAtBegin", "UploaderSilentAtEnd" ->
                new Explanation("uploader-service says nothing", "Check that it runs, and Kafka.");
            case "SyncStateRefused", "SyncStandsStill", "SyncNeverEnds", "HierarchySyncRefused", "HierarchyNeverEnds" ->
                new Explanation(
                        "Exchange does not tell the mailbox's changes to the end",
                        "Check the server's health, and the mailbox there (New-MailboxRepairRequest).");
            case "NotARestorePoint" ->
                new Explanation(
                        "the mailbox's log holds something else where this attempt's restore point should be",
                        "See what: mailferry verify MAILBOX.");
            case "ATTEMPT_CLOSED", "PAGE_INCOMPLETE", "DIGEST_MISMATCH", "PREDECESSOR_IS_NOT_HEAD", "PART_UNREADABLE" ->
                new Explanation(
                        "uploader-service took what was read for broken again and again",
                        "Check that exporter-service and uploader-service are of the same version, and Kafka.");
            case "Stopped" ->
                new Explanation("exporter-service is being stopped", "Nothing to do: it goes on when it is back.");
            case "EXPIRED" ->
                new Explanation("nobody began it in time", "Check that the services run, then order it again.");
            case "NO_RESTORE_POINT" -> new Explanation("it has no restore point", "Back it up: mailferry backup.");
            case "SCRATCH_EXHAUSTED" ->
                new Explanation(
                        "the mailbox's index is larger than the scratch space", "Give restore-service more of it.");
            case "Unexpected", "UNEXPECTED", "WorkersLost" ->
                new Explanation("this is a defect of ours", "The service's log has it; please report it.");
            default -> ofCompound(code);
        };
    }

    /** Codes that say in their tail what lies behind them. */
    private static Explanation ofCompound(String code) {
        if (code.startsWith("ArchiveDamaged")) {
            return new Explanation("the mailbox's archive is damaged", "See what: mailferry verify MAILBOX.");
        }
        if (code.startsWith("Store_")) {
            return ofStore(code.substring("Store_".length()));
        }
        if (code.startsWith("RefusedTooOften_")) {
            return of(code.substring("RefusedTooOften_".length()));
        }
        return new Explanation(unknown(code), "");
    }

    private static Explanation ofStore(String word) {
        return switch (word) {
            case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Status401", "Status403" ->
                new Explanation("the object store refuses the service", "Check its access key, and its rights.");
            case "NoSuchBucket" ->
                new Explanation(
                        "the object store has no such bucket", "Check the bucket's name in MAILFERRY_S3_BUCKET.");
            case "UnknownHost" ->
                new Explanation(
                        "the object store's name is not known where the services run",
                        "Check the host in MAILFERRY_S3_ENDPOINT.");
            case "Tls" ->
                new Explanation(
                        "no TLS connection to the object store comes about", "Check its certificate and the endpoint.");
            case "SlowDown",
                    "ServiceUnavailable",
                    "TooManyRequests",
                    "RequestLimitExceeded",
                    "Throttling",
                    "Status429",
                    "Status503" ->
                new Explanation(
                        "the object store asks to be left alone for a while",
                        "Nothing to do, unless it lasts: check its load and limits.");
            default -> new Explanation("the object store does not answer as it should", "Check S3 and the way to it.");
        };
    }

    private static String unknown(String code) {
        if (code.matches("HttpStatus[0-9]+")) {
            return "Exchange answers HTTP status " + code.substring("HttpStatus".length());
        }
        return code.startsWith("Error") ? "Exchange refuses" : "it could not be done";
    }

    /** Such as {@code Exchange cannot be reached (ConnectionRefused)}. */
    static String shortly(String code) {
        return of(code).what() + " (" + code + ")";
    }

    /** In full, with the remedy and, behind it, the code. */
    static String fully(String code, String category) {
        Explanation explanation = of(code);
        return explanation.what() + ". " + (explanation.remedy().isEmpty() ? "" : explanation.remedy() + " ") + "("
                + code + (category.isEmpty() ? "" : ", " + category.toLowerCase(Locale.ROOT)) + ")";
    }
}
