/** One request and its answer: its id, its one way to refuse, and the line about it in the access log. */
@NullMarked
package city.madang.gateway.exchange;

import org.jspecify.annotations.NullMarked;
