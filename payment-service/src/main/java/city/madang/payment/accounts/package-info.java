/** Accounts of citizens and agencies: a random id, a key, an owner that only this service knows. */
@NullMarked
package city.madang.payment.accounts;

import org.jspecify.annotations.NullMarked;
