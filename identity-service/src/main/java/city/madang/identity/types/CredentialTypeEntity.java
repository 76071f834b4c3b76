package city.madang.identity.types;

import city.madang.identity.jose.StrictJson;
import io.vertx.core.json.JsonObject;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "credential_type")
class CredentialTypeEntity {
    @Id
    String id;

    String agency;
    String format;
    String name;
    String display;
    String claims;

    @Column(name = "validity_days")
    int validityDays;

    @Column(name = "batch_size")
    int batchSize;

    @Column(name = "status_bits")
    int statusBits;

    @Nullable
    String acr;

    String source;

    @Column(name = "key_attestation")
    @Nullable
    String keyAttestation;

    /** When its agency withdrew it, if it has. */
    @Column(name = "withdrawn_at")
    @Nullable
    Instant withdrawnAt;

    CredentialType toType() {
        return new CredentialType(
                id,
                agency,
                Format.of(format).orElseThrow(),
                name,
                TypeJson.displays(display),
                TypeJson.claims(claims),
                validityDays,
                batchSize,
                statusBits,
                acr,
                ClaimSource.of(source).orElseThrow(),
                keyAttestation == null ? null : TypeJson.keyAttestation(new JsonObject(keyAttestation)));
    }

    /** All but what never changes: id, agency, format and name. A type that was withdrawn is back. */
    void take(CredentialType type) {
        withdrawnAt = null;
        display =
                StrictJson.write(type.display().stream().map(TypeJson::display).toList());
        claims = StrictJson.write(type.claims().stream().map(TypeJson::claim).toList());
        validityDays = type.validityDays();
        batchSize = type.batchSize();
        statusBits = type.statusBits();
        acr = type.acr();
        source = type.source().text();
        KeyAttestation attestation = type.keyAttestation();
        keyAttestation = attestation == null ? null : StrictJson.write(TypeJson.keyAttestation(attestation));
    }
}
