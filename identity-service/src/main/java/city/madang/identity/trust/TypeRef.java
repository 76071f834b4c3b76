package city.madang.identity.trust;

import city.madang.identity.types.Format;

/**
 * A type of credentials as the world knows it.
 *
 * @param name {@code vct} or {@code doctype}
 */
record TypeRef(Format format, String name) {}
