/** How soon each process answers, and what memory it then takes, with and without an AOT cache. */
@NullMarked
package city.madang.bench.start;

import org.jspecify.annotations.NullMarked;
