package city.madang.k8s;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Keys;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.utils.Numeric;

/** The chain's first block: the rules of Osaka, free gas, and exactly the validators of the values. */
class BesuTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void the_rules_are_those_under_which_the_contracts_were_measured() throws IOException {
        JsonNode genesis = genesis(Map.of());
        for (String fork : List.of("shanghaiTime", "cancunTime", "pragueTime", "osakaTime")) {
            assertEquals(0, genesis.path("config").path(fork).asInt(-1), fork);
        }
        assertTrue(genesis.at("/config/zeroBaseFee").asBoolean());
        assertTrue(genesis.at("/config/qbft/pertxgaslimit").isMissingNode(), "Osaka's cap of 2^24 gas holds");
        BigInteger block = Numeric.decodeQuantity(genesis.path("gasLimit").asText());
        assertTrue(block.longValueExact() >= 7L << 24, "a block holds seven full settlements");
        assertEquals(
                "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
                genesis.path("mixHash").asText(),
                "QBFT's mark");
    }

    @Test
    void the_extra_data_names_the_validators_in_the_form_that_qbft_reads() throws IOException {
        for (int count : List.of(4, 5, 7, 10)) {
            Map<String, Object> more = new HashMap<>();
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String key = "%0128x".formatted(BigInteger.valueOf(31 + i));
                String address = "0x" + Keys.getAddress(key);
                addresses.add(address);
                more.put("validators[" + i + "].name", "v" + i + "x");
                more.put("validators[" + i + "].publicKey", key);
                more.put("validators[" + i + "].address", address);
                more.put("validators[" + i + "].local", true);
                more.put("validators[" + i + "].keySecret", "key-" + i);
            }
            byte[] extra =
                    Numeric.hexStringToByteArray(genesis(more).path("extraData").asText());
            RlpList data = (RlpList) RlpDecoder.decode(extra).getValues().getFirst();
            assertEquals(5, data.getValues().size());
            assertArrayEquals(new byte[32], ((RlpString) data.getValues().get(0)).getBytes());
            assertEquals(
                    addresses,
                    ((RlpList) data.getValues().get(1))
                            .getValues().stream()
                                    .map(one -> Numeric.toHexString(((RlpString) one).getBytes()))
                                    .toList());
            assertTrue(((RlpList) data.getValues().get(2)).getValues().isEmpty(), "no votes");
            assertEquals(
                    0,
                    ((RlpString) data.getValues().get(3)).asPositiveBigInteger().intValue(),
                    "round");
            assertTrue(((RlpList) data.getValues().get(4)).getValues().isEmpty(), "no seals");
        }
    }

    @Test
    void every_example_address_belongs_to_its_public_key() throws IOException {
        JsonNode values =
                Charts.YAML.readTree(Charts.example("besu").valuesFile().toFile());
        assertEquals(4, values.path("validators").size());
        for (JsonNode validator : values.path("validators")) {
            assertEquals(
                    validator.path("address").asText(),
                    "0x" + Keys.getAddress(validator.path("publicKey").asText()),
                    validator.path("name").asText());
        }
    }

    @Test
    void every_validator_knows_all_others_and_not_itself() throws IOException {
        JsonNode configuration = object("ConfigMap", "chain-besu-configuration", Map.of());
        JsonNode validators = Charts.YAML
                .readTree(Charts.example("besu").valuesFile().toFile())
                .path("validators");
        for (JsonNode own : validators) {
            JsonNode known = JSON.readTree(configuration
                    .path("data")
                    .path("static-nodes-" + own.path("name").asText() + ".json")
                    .asText());
            assertEquals(3, known.size());
            assertFalse(known.toString().contains(own.path("publicKey").asText()));
        }
    }

    @Test
    void payments_can_be_looked_up_in_all_blocks_and_nobody_votes_over_the_network() throws IOException {
        String toml = object("ConfigMap", "chain-besu-configuration", Map.of())
                .at("/data/besu.toml")
                .asText();
        assertTrue(toml.contains("rpc-max-logs-range=0"), "else the node refuses after 5000 blocks");
        assertTrue(toml.contains("rpc-http-api=[\"ETH\",\"NET\",\"WEB3\"]"));
        assertTrue(toml.contains("min-gas-price=0"));
        assertFalse(toml.contains("permissions-accounts"));
        String limited = Charts.render(
                Charts.example("besu"), Map.of("accountsAllowlist[0]", "0x00000000000000000000000000000000000000aa"));
        assertTrue(limited.contains("permissions-accounts-config-file-enabled=true"));
        assertTrue(limited.contains("accounts-allowlist=[\"0x00000000000000000000000000000000000000aa\"]"));
    }

    private static JsonNode genesis(Map<String, ?> more) throws IOException {
        return JSON.readTree(object("ConfigMap", "chain-besu-genesis", more)
                .path("data")
                .path("genesis.json")
                .asText());
    }

    private static JsonNode object(String kind, String name, Map<String, ?> more) {
        return Charts.objects(Charts.example("besu"), more).stream()
                .filter(object -> Charts.name(object).equals(kind + "/" + name))
                .findFirst()
                .orElseThrow();
    }
}
