/** Numbers for those who run the service: what waits, how far the logs are. No number tells of a person. */
@NullMarked
package city.madang.records.measures;

import org.jspecify.annotations.NullMarked;
