/** What may come in: content that is what it says it is, and does nothing when it is opened. Plain Java; nothing is held as a whole. */
@NullMarked
package city.madang.records.documents.content;

import org.jspecify.annotations.NullMarked;
