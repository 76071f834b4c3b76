/** Personal data from one service to another: encrypted to a key made for one application, never inside an event. */
@NullMarked
package city.madang.kit.handover;

import org.jspecify.annotations.NullMarked;
