package city.madang.identity.types;

/** A CDI event: a type was declared and committed in this process, so what is remembered of types is to be read again. */
public record TypesChanged() {}
