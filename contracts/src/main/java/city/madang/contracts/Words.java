package city.madang.contracts;

import java.math.BigInteger;

/** What a call returned or an event carried, read word by word. */
final class Words {

    private final String hex;

    /** @param hex {@code 0x}-hex; its length is checked here, so that a short answer is not read as zeros */
    Words(String hex, int count) {
        if (hex.equals("0x") && count > 0) {
            throw new ChainException.WrongCode("no contract answers at this address");
        }
        if (hex.length() != 2 + 64 * count) {
            throw new ChainException.Unavailable("the node answered with other data than this contract gives");
        }
        this.hex = hex;
    }

    Bytes32 word(int index) {
        return new Bytes32("0x" + hex.substring(2 + 64 * index, 66 + 64 * index));
    }

    BigInteger unsigned(int index) {
        return word(index).unsigned();
    }

    /** For what the contract bounds below 2^63. */
    long number(int index) {
        return unsigned(index).longValueExact();
    }

    boolean flag(int index) {
        return unsigned(index).signum() != 0;
    }

    String address(int index) {
        return "0x" + word(index).hex().substring(26);
    }
}
