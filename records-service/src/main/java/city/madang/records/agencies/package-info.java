/** Agencies, the keys of their seals and the certificates for them. */
@NullMarked
package city.madang.records.agencies;

import org.jspecify.annotations.NullMarked;
