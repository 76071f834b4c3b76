package city.madang.kit.fetch;

import java.util.List;

/**
 * What is to be fetched.
 *
 * @param url as somebody else has written it
 * @param mediaTypes that are taken, lower case, the preferred first
 * @param longest bytes
 */
public record Wanted(String url, List<String> mediaTypes, int longest) {}
