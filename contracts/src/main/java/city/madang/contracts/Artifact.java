package city.madang.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What the compiler made of a contract, as committed beside its source.
 *
 * @param contract the contract's name
 * @param compiler the compiler's full version
 * @param bytecode {@code 0x}-hex code that deploys it, to be followed by the constructor's arguments
 * @param deployedBytecode {@code 0x}-hex code that stands on the chain afterwards, the same on every chain
 * @param errors names of the contract's errors by their selectors ({@code 0x} and 8 digits)
 */
public record Artifact(
        String contract, String compiler, String bytecode, String deployedBytecode, Map<String, String> errors) {

    /** Keeps its own copy of {@code errors}. */
    public Artifact {
        errors = Map.copyOf(errors);
    }

    /**
     * Loads a contract's artifact from this module.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public static Artifact load(String contract) {
        try (InputStream in = Artifact.class.getResourceAsStream(contract + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("no artifact of a contract " + contract);
            }
            JsonNode json = new ObjectMapper().readTree(in);
            return new Artifact(
                    text(json, "contract"),
                    text(json, "compiler"),
                    text(json, "bytecode"),
                    text(json, "deployedBytecode"),
                    errors(json.required("abi")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode json, String member) {
        return json.required(member).asString();
    }

    private static Map<String, String> errors(JsonNode abi) {
        Map<String, String> errors = new HashMap<>();
        for (JsonNode entry : abi) {
            if (text(entry, "type").equals("error")) {
                List<String> types = new ArrayList<>();
                for (JsonNode input : entry.required("inputs")) {
                    types.add(text(input, "type"));
                }
                String name = text(entry, "name");
                errors.put(CallData.selector(name + "(" + String.join(",", types) + ")"), name);
            }
        }
        return errors;
    }
}
