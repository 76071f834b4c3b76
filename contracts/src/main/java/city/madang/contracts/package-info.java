/**
 * The ledger and anchor contracts as the services use them: their compiled artifacts, the messages that wallets sign, typed
 * calls, and the sending of transactions. Everything here blocks: call it from worker or virtual threads.
 */
@NullMarked
package city.madang.contracts;

import org.jspecify.annotations.NullMarked;
