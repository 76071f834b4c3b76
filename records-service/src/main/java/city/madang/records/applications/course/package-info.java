/** The course of an application as a state machine; plain Java. */
@NullMarked
package city.madang.records.applications.course;

import org.jspecify.annotations.NullMarked;
