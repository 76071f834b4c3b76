/** Documents at rest: encrypted with a key of their own, content addressed. */
@NullMarked
package city.madang.records.documents;

import org.jspecify.annotations.NullMarked;
