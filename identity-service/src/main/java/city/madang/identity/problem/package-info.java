/** This service's catalogue of errors, in both forms: problem documents and the OpenID standards' own. */
@NullMarked
package city.madang.identity.problem;

import org.jspecify.annotations.NullMarked;
