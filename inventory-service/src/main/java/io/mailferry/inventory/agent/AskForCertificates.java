package io.mailferry.inventory.agent;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Has the gateway ask its TLS clients for a certificate. Set here and not by Quarkus' own setting, with which Quarkus would
 * take every holder of a certificate for somebody who has signed in.
 */
@Singleton
final class AskForCertificates implements HttpServerOptionsCustomizer {
    private final boolean ask;

    AskForCertificates(AgentSettings settings) {
        this.ask = settings.clientCertificates();
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        if (ask) {
            options.setClientAuth(ClientAuth.REQUEST).setTrustOptions(TrustOptions.wrap(new Anybody()));
        }
    }

    /**
     * Lets every holder of a key come as far as the credentials' table, as anybody comes who makes up a bearer credential.
     * The handshake still proves that he has the certificate's key, and the runtime still refuses broken algorithms.
     */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("this is the server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
