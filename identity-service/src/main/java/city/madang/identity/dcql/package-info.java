/** DCQL (OpenID4VP 1.0 clause 6): what an agency asks for, and whether an answer gives exactly that. */
@NullMarked
package city.madang.identity.dcql;

import org.jspecify.annotations.NullMarked;
