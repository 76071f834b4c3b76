/** Where ciphertext lies: one port, a folder and an object store behind it, and the place where a document is before it is published. */
@NullMarked
package city.madang.records.documents.blobs;

import org.jspecify.annotations.NullMarked;
