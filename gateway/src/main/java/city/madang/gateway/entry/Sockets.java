package city.madang.gateway.entry;

import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sockets with the configured limits, on either side. */
final class Sockets {

    private Sockets() {}

    /** A server with TLS by BoringSSL, and by the JDK where Netty has no library for the machine. */
    static HttpServerOptions serverOptions(GatewaySettings settings, TlsConfiguration certificate) {
        GatewaySettings.Limits limits = settings.limits();
        SSLOptions tls = certificate.getSSLOptions();
        HttpServerOptions options = parserOptions(limits)
                .setHost(settings.host())
                .setPort(settings.port())
                .setSsl(true)
                .setKeyCertOptions(certificate.getKeyStoreOptions())
                .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setSslHandshakeTimeout(limits.handshakeTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setInitialSettings(new Http2Settings()
                        .setMaxHeaderListSize(limits.maxHeaderSize().asLongValue())
                        .setMaxConcurrentStreams(limits.maxStreamsPerConnection())
                        .setPushEnabled(false))
                .setHandle100ContinueAutomatically(false)
                // what is negotiated in a WebSocket is between caller and service
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        if (OpenSSLEngineOptions.isAlpnAvailable()) {
            options.setSslEngineOptions(new OpenSSLEngineOptions());
        }
        options.setIdleTimeout(Math.toIntExact(limits.idleTimeout().toMillis()));
        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        tls.getEnabledCipherSuites().forEach(options::addEnabledCipherSuite);
        return options;
    }

    /** What the decoder of HTTP/1.1 keeps to. */
    static HttpServerOptions parserOptions(GatewaySettings.Limits limits) {
        return new HttpServerOptions()
                .setMaxInitialLineLength(Math.toIntExact(limits.maxRequestLine().asLongValue()))
                .setMaxHeaderSize(Math.toIntExact(limits.maxHeaderSize().asLongValue()));
    }

    /** The same, for an entry at which callers prove themselves by certificate. */
    static HttpServerOptions agencyOptions(GatewaySettings settings, TlsConfiguration certificate) {
        HttpServerOptions options = serverOptions(settings, certificate);
        options.setPort(settings.agencies().port().orElseThrow())
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(authorities(settings));
        return options;
    }

    /** Which callers' certificates are accepted. */
    static PemTrustOptions authorities(GatewaySettings settings) {
        return new PemTrustOptions()
                .addCertPath(settings.agencies()
                        .authorities()
                        .orElseThrow(() -> new IllegalStateException(
                                "The entry for agencies needs madang.gateway.agencies.authorities"))
                        .toString());
    }

    static HttpClient client(Vertx vertx, GatewaySettings.Upstream upstream) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setConnectTimeout(Math.toIntExact(upstream.connectTimeout().toMillis()))
                .setKeepAlive(true)
                .setKeepAliveTimeout(Math.toIntExact(upstream.keepAlive().toSeconds()))
                .setPipelining(false)
                .setDecompressionSupported(false)
                .setMaxHeaderSize(Math.toIntExact(upstream.maxHeaderSize().asLongValue()));
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(upstream.maxRequests()))
                .withConnectHandler(Flushes::gather)
                .build();
    }
}
