/** Statements of several requests in one transaction, so that they share what a commit costs. */
@NullMarked
package city.madang.identity.commits;

import org.jspecify.annotations.NullMarked;
