package city.madang.identity.applications;

import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "application")
class ApplicationEntity {
    @Id
    UUID id;

    String service;
    String agency;
    String applicant;

    @Column(name = "records_key")
    String recordsKey;

    @Column(name = "own_key")
    @Nullable
    String ownKey;

    Application toApplication() {
        return new Application(id, service, agency, applicant, new JsonObject(recordsKey), ownKey);
    }
}
