package city.madang.records.catalogue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A public service in its latest version. */
@Entity
@Table(name = "service")
public class PublishedService {

    @Id
    String service;

    String agency;
    int version;
    String definition;
    Instant published;

    protected PublishedService() {}

    PublishedService(String service, String agency) {
        this.service = service;
        this.agency = agency;
    }

    public String service() {
        return service;
    }

    public String agency() {
        return agency;
    }

    public int version() {
        return version;
    }

    public String definition() {
        return definition;
    }
}
