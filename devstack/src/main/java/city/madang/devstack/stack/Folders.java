package city.madang.devstack.stack;

import java.nio.file.Path;

/**
 * Where a stack keeps what.
 *
 * @param state the state folder: {@code data/} lives until {@code --fresh}, {@code logs/} is for people
 */
record Folders(Path state) {

    Path data() {
        return state.resolve("data");
    }

    Path data(String part) {
        return data().resolve(part);
    }

    /** Secrets: files of mode 600. */
    Path keys() {
        return data().resolve("keys");
    }

    Path credentials() {
        return keys().resolve("dev-credentials.json");
    }

    /** The folder that one service has for itself. */
    Path service(String name) {
        return data().resolve("services").resolve(name);
    }

    Path handover() {
        return data().resolve("handover");
    }

    /** Port of the public origin, chosen at the first start: credentials name the origin, so it must stay. */
    Path port() {
        return data().resolve("origin-port");
    }

    Path logs() {
        return state.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }
}
