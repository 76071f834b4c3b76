package city.madang.kit.outage;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.DecodeException;
import io.vertx.pgclient.PgException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void an_event_waits_out_an_outage_of_the_database() {
        assertTrue(Outage.isOne(new RuntimeException(new ConnectException("refused"))));
        assertTrue(Outage.isOne(new TimeoutException()));
        assertTrue(Outage.isOne(new PgException("starting up", "FATAL", "57P03", null)));
        assertTrue(Outage.isOne(new PgException("deadlock", "ERROR", "40P01", null)));
    }

    @Test
    void an_event_whose_own_data_is_wrong_is_not_tried_for_ever() {
        assertFalse(Outage.isOne(new UncheckedIOException(new NoSuchFileException("handover"))));
        assertFalse(Outage.isOne(new IllegalArgumentException(new NoSuchFileException("handover"))));
        assertFalse(Outage.isOne(new DecodeException("not JSON")));
        assertFalse(Outage.isOne(new PgException("duplicate key", "ERROR", "23505", null)));
    }
}
