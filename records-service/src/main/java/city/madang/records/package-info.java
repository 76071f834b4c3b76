/** The records service: public services, applications, sealed records and the logs that vouch for them. */
@NullMarked
package city.madang.records;

import org.jspecify.annotations.NullMarked;
