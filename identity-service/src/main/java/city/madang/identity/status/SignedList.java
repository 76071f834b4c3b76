package city.madang.identity.status;

import java.time.Instant;
import java.util.UUID;

/**
 * A signed list, ready to be sent.
 *
 * @param version of the list that it tells
 * @param issuer the certificate under which it was signed
 * @param expires when it must not be relied upon any longer
 * @param tag entity tag; the same in every process for the same version and expiry, though signatures differ
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SignedList(byte[] token, long version, UUID issuer, Instant expires, String tag) {}
