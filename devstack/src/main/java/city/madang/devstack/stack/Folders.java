package city.madang.devstack.stack;

import city.madang.devstack.postgres.PostgresServer;
import java.nio.file.Path;

/**
 * Where a stack keeps what.
 *
 * @param state the state folder: {@code data/} lives until {@code --fresh}, {@code logs/} is for people
 */
public record Folders(Path state) {

    public Path data() {
        return state.resolve("data");
    }

    public Path data(String part) {
        return data().resolve(part);
    }

    /** Secrets: files of mode 600. */
    public Path keys() {
        return data().resolve("keys");
    }

    public Path credentials() {
        return keys().resolve("dev-credentials.json");
    }

    /** PostgreSQL of a stack: what it has committed is on the disk. */
    public PostgresServer.Settings postgres() {
        return new PostgresServer.Settings(data("postgres"), keys(), log("postgres"), true);
    }

    /** The folder that one service has for itself. */
    public Path service(String name) {
        return data().resolve("services").resolve(name);
    }

    public Path handover() {
        return data().resolve("handover");
    }

    /** Port of the public origin, chosen at the first start: credentials name the origin, so it must stay. */
    public Path port() {
        return data().resolve("origin-port");
    }

    /** Address of the chain's node while the stack runs, for other processes. */
    Path chainNode() {
        return data().resolve("chain-node");
    }

    public Path logs() {
        return state.resolve("logs");
    }

    public Path log(String name) {
        return logs().resolve(name + ".log");
    }
}
