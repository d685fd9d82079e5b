package io.mailferry.exchange.connection;

import java.util.List;
import microsoft.exchange.webservices.data.core.ExchangeService;
import microsoft.exchange.webservices.data.core.enumeration.misc.ExchangeVersion;
import org.apache.http.HttpHost;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.NTCredentials;
import org.apache.http.client.config.AuthSchemes;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;

/**
 * The session of ews-java-api: its HTTP client with NTLM and Basic, its cookies, its version. Requests of ours go
 * through it, since its own request classes buffer answers, hide unknown response codes and give no hold on an answer
 * that has to be broken off. Not thread-safe, as the library is not: one for each worker.
 */
final class LibrarySession extends ExchangeService {

    private final TrustedSockets sockets;
    private final RequestConfig config;

    LibrarySession(EwsEndpoint endpoint, Credentials credentials, ConnectionLimits limits) {
        // The library's constructor asks for the socket factories, so they have to be there before it runs.
        this.sockets = new TrustedSockets(endpoint.trust());
        super(ExchangeVersion.Exchange2010_SP2);
        setTraceEnabled(false);
        int read = Math.toIntExact(limits.read().toMillis());
        int connect = Math.toIntExact(limits.connect().toMillis());
        this.config = RequestConfig.custom()
                .setConnectTimeout(connect)
                .setConnectionRequestTimeout(connect)
                .setSocketTimeout(read)
                .setRedirectsEnabled(false)
                .setExpectContinueEnabled(false)
                .setAuthenticationEnabled(true)
                .setTargetPreferredAuthSchemes(List.of(AuthSchemes.NTLM, AuthSchemes.BASIC))
                .build();
        // The library would offer the credentials to any host; they belong to this one.
        BasicCredentialsProvider provider = new BasicCredentialsProvider();
        HttpHost host = new HttpHost(
                endpoint.url().getHost(), port(endpoint), endpoint.url().getScheme());
        provider.setCredentials(
                new AuthScope(host),
                new NTCredentials(credentials.name(), credentials.password(), "", credentials.domain()));
        httpContext.setCredentialsProvider(provider);
    }

    static int port(EwsEndpoint endpoint) {
        int port = endpoint.url().getPort();
        if (port > 0) {
            return port;
        }
        return endpoint.isTls() ? 443 : 80;
    }

    CloseableHttpResponse execute(HttpPost post) throws java.io.IOException {
        post.setConfig(config);
        return httpClient.execute(post, httpContext);
    }

    TrustedSockets sockets() {
        return sockets;
    }

    @Override
    protected Registry<ConnectionSocketFactory> createConnectionSocketFactoryRegistry() {
        return RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", PlainConnectionSocketFactory.getSocketFactory())
                .register("https", sockets.factory())
                .build();
    }
}
