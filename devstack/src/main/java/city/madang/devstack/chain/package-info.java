/** The development ledger: anvil, and the keys of those who act on it. */
@NullMarked
package city.madang.devstack.chain;

import org.jspecify.annotations.NullMarked;
