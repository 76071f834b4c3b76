package city.madang.records.catalogue.definition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of an agency's schema (ECMA-262 as far as it needs no look-around and no back-reference). RE2 matches
 * in time that grows with the text and the expression and never with their power, so that no form can hang the service; what
 * the expression grows to when its counted repetitions are written out is bounded here, since RE2 writes them out.
 */
final class FormPattern implements RegularExpression {

    /** Characters of an expression. */
    static final int LONGEST = 500;

    /** Characters and classes of an expression whose repetitions are written out. */
    static final int LARGEST = 2_000;

    private static final java.util.regex.Pattern COUNTED =
            java.util.regex.Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?\\}");

    private final Pattern compiled;
    private final long size;

    private FormPattern(Pattern compiled, long size) {
        this.compiled = compiled;
        this.size = size;
    }

    /** @throws IllegalArgumentException with the reason, if this is none that can be used */
    static FormPattern of(String expression) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("may have " + LONGEST + " characters");
        }
        String translated = translate(expression);
        long size = new Sizing(translated).measure();
        if (size > LARGEST) {
            throw new IllegalArgumentException(
                    "repeats too much: written out it may have " + LARGEST + " characters and classes");
        }
        try {
            return new FormPattern(Pattern.compile(translated), size);
        } catch (PatternSyntaxException refused) {
            throw new IllegalArgumentException(
                    "is not a regular expression without look-around and back-references: " + refused.getDescription(),
                    refused);
        }
    }

    /** Whether any part of the text matches: a schema's expressions are not anchored (JSON Schema 2020-12 core, 6.4). */
    @Override
    public boolean matches(String text) {
        return compiled.matcher(text).find();
    }

    /** Characters and classes, with repetitions written out; the cost of matching one character. */
    long size() {
        return size;
    }

    /** RE2 knows no {@code \}{@code uXXXX}, in which Korean expressions are often written; halves of pairs stay refused. */
    private static String translate(String expression) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c != '\\' || i + 1 == expression.length()) {
                out.append(c);
                continue;
            }
            String digits = expression.substring(i + 1, Math.min(i + 6, expression.length()));
            if (digits.matches("u[0-9A-Fa-f]{4}")
                    && !Character.isSurrogate((char) Integer.parseInt(digits.substring(1), 16))) {
                out.append("\\x{").append(digits, 1, 5).append('}');
                i += 5;
            } else {
                out.append(c).append(expression.charAt(++i));
            }
        }
        return out.toString();
    }

    /** Counts without compiling, since compiling is what could exhaust the memory; never less than RE2 writes out. */
    private static final class Sizing {

        private final String text;
        private int at;

        Sizing(String text) {
            this.text = text;
        }

        long measure() {
            Deque<Long> outer = new ArrayDeque<>();
            long sum = 0;
            long last = 0;
            while (at < text.length()) {
                @Nullable MatchResult counted = counted();
                char c = text.charAt(at);
                if (counted != null) {
                    String most = counted.group(3) == null || counted.group(3).isEmpty()
                            ? counted.group(1)
                            : counted.group(3);
                    long more = last * Math.max(1, Integer.parseInt(most)) - last;
                    // an open end keeps one more copy
                    more += counted.group(2) != null && "".equals(counted.group(3)) ? last : 0;
                    sum += more;
                    last += more;
                    at += counted.group().length();
                } else if (c == '(') {
                    outer.push(sum);
                    // an empty group is an instruction too
                    sum = 1;
                    last = 1;
                    at++;
                } else if (c == ')' && !outer.isEmpty()) {
                    last = sum;
                    sum += outer.pop();
                    at++;
                } else if ("*+?".indexOf(c) >= 0) {
                    at++;
                } else {
                    last = 1;
                    sum++;
                    skipAtom();
                }
                if (sum > LARGEST) {
                    return sum;
                }
            }
            return sum + outer.stream().mapToLong(Long::longValue).sum();
        }

        private @Nullable MatchResult counted() {
            var matcher = COUNTED.matcher(text).region(at, text.length());
            return matcher.lookingAt() ? matcher.toMatchResult() : null;
        }

        private void skipAtom() {
            char c = text.charAt(at);
            if (c == '\\') {
                skipEscape();
            } else if (c == '[') {
                at += text.startsWith("[^", at) ? 2 : 1;
                at += text.startsWith("]", at) ? 1 : 0;
                while (at < text.length() && text.charAt(at) != ']') {
                    int named = text.startsWith("[:", at) ? text.indexOf(":]", at) : -1;
                    if (named >= 0) {
                        at = named + 2;
                    } else if (text.charAt(at) == '\\') {
                        skipEscape();
                    } else {
                        at++;
                    }
                }
                at++;
            } else {
                at++;
            }
        }

        private void skipEscape() {
            if (text.startsWith("\\Q", at)) {
                throw new IllegalArgumentException("may not quote with \\Q");
            }
            boolean braced = text.startsWith("{", at + 2) && "xpP".indexOf(text.charAt(at + 1)) >= 0;
            int end = braced ? text.indexOf('}', at) : -1;
            at = end >= 0 ? end + 1 : at + 2;
        }
    }
}
