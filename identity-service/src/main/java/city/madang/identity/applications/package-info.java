/** What this service remembers of an application: whose it is, and the key made for its handover. */
@NullMarked
package city.madang.identity.applications;

import org.jspecify.annotations.NullMarked;
