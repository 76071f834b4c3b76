/** Trust policies that operators give as files (C2SP tlog-policy). */
@NullMarked
package city.madang.records.trust;

import org.jspecify.annotations.NullMarked;
