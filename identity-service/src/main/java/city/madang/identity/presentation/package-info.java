/** OpenID for Verifiable Presentations 1.0 under HAIP: requests, encrypted responses, what was disclosed. */
@NullMarked
package city.madang.identity.presentation;

import org.jspecify.annotations.NullMarked;
