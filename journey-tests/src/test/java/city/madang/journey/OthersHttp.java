package city.madang.journey;

import city.madang.devstack.ca.Trust;
import io.ktor.client.HttpClient;
import io.ktor.client.HttpClientConfig;
import io.ktor.client.HttpClientKt;
import io.ktor.client.engine.HttpClientEngine;
import io.ktor.client.engine.HttpClientEngineConfig;
import io.ktor.client.engine.HttpClientEngineFactory;
import io.ktor.client.engine.java.Java;
import io.ktor.client.engine.java.JavaHttpConfig;
import io.ktor.client.plugins.HttpTimeoutKt;
import io.ktor.client.plugins.contentnegotiation.ContentNegotiationKt;
import io.ktor.http.ContentType;
import io.ktor.serialization.kotlinx.json.JsonSupportKt;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonKt;

/** Ktor's client as the libraries of others use it, with trust in the city's root and without following redirects. */
final class OthersHttp implements HttpClientEngineFactory<JavaHttpConfig> {

    private final City city;

    OthersHttp(City city) {
        this.city = city;
    }

    @Override
    public HttpClientEngine create(Function1<? super JavaHttpConfig, Unit> block) {
        return Java.INSTANCE.create(config -> {
            block.invoke(config);
            config.config(client -> {
                client.sslContext(Trust.only(city.rootCertificate()));
                return Unit.INSTANCE;
            });
            return Unit.INSTANCE;
        });
    }

    HttpClient client() {
        return HttpClientKt.HttpClient(this, OthersHttp::configure);
    }

    private static Unit configure(HttpClientConfig<? extends HttpClientEngineConfig> config) {
        config.setFollowRedirects(false);
        config.install(HttpTimeoutKt.getHttpTimeout(), timeout -> Unit.INSTANCE);
        Json json = JsonKt.Json(Json.Default, builder -> {
            builder.setIgnoreUnknownKeys(true);
            return Unit.INSTANCE;
        });
        config.install(ContentNegotiationKt.getContentNegotiation(), negotiation -> {
            JsonSupportKt.json(negotiation, json, ContentType.Application.INSTANCE.getJson());
            return Unit.INSTANCE;
        });
        return Unit.INSTANCE;
    }
}
