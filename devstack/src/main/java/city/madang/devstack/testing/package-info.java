/** What tests of the services use: a Quarkus test resource with real servers, and real tokens. */
@NullMarked
package city.madang.devstack.testing;

import org.jspecify.annotations.NullMarked;
