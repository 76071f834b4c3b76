package city.madang.identity.authorization;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A resource whose answers carry a fresh nonce for the next DPoP proof (RFC 9449 §8.2, HAIP 1.0 clause 4). */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface OffersDpopNonce {}
