/** The registry of agencies: who may issue, verify and seal, and with which certificates. */
@NullMarked
package city.madang.identity.agencies;

import org.jspecify.annotations.NullMarked;
