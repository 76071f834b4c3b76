/** Which logs and which witnesses are trusted (C2SP tlog-policy). */
@NullMarked
package city.madang.tlog.policy;

import org.jspecify.annotations.NullMarked;
