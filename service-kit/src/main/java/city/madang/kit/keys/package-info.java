/** Where private keys live: a port that signs digests, and its file adapter for development. */
@NullMarked
package city.madang.kit.keys;

import org.jspecify.annotations.NullMarked;
