/** Encryption as a stream: AES-256-GCM in segments, each authenticated before it is released. */
@NullMarked
package city.madang.records.documents.cipher;

import org.jspecify.annotations.NullMarked;
