package city.madang.tlog.tree;

/** Which tile: its level (each is eight levels of the tree) and its number at that level. */
public record TileId(int level, long number) {}
