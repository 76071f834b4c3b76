package city.madang.records.catalogue.definition;

/** Text for people in both languages of the city. */
public record Text(String ko, String en) {}
