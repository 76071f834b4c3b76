/** Types of documents as data: what an agency's documents of a kind are, say and may be. */
@NullMarked
package city.madang.records.documents.types;

import org.jspecify.annotations.NullMarked;
