/** The few pages that the gateway serves itself: the start page and the API explorer, under a strict policy. */
@NullMarked
package city.madang.gateway.pages;

import org.jspecify.annotations.NullMarked;
