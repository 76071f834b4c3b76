/** What the service's pages for people share: two languages, one frame and style sheet, no scripts. */
@NullMarked
package city.madang.records.pages;

import org.jspecify.annotations.NullMarked;
