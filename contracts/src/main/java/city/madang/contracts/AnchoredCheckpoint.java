package city.madang.contracts;

/**
 * A checkpoint as the anchor contract has it.
 *
 * @param size the tree's size, at least 1
 * @param root the tree's root hash
 */
public record AnchoredCheckpoint(long size, Bytes32 root) {}
