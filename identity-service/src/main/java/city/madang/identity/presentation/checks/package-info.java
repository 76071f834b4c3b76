/** The checks of a wallet's answer, one class each, run in one order: nothing of an answer is used before all of them passed. */
@NullMarked
package city.madang.identity.presentation.checks;

import org.jspecify.annotations.NullMarked;
