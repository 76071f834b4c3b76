/** A citizen's application, from submission to the issued credential: a saga driven by events alone. */
@NullMarked
package city.madang.records.applications;

import org.jspecify.annotations.NullMarked;
