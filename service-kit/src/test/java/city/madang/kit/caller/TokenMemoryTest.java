package city.madang.kit.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

class TokenMemoryTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_795_000_000);

    private final TokenMemory memory = new TokenMemory();

    private record Claims(String subject, long exp) implements JsonWebToken {
        @Override
        public String getName() {
            return subject;
        }

        @Override
        public Set<String> getClaimNames() {
            return Set.of("sub", "exp");
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as the interface has it
        public <T> T getClaim(String name) {
            return (T) Map.of("sub", subject, "exp", exp).get(name);
        }
    }

    private static SecurityIdentity named(String subject, Instant exp) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new Claims(subject, exp.getEpochSecond()))
                .addRole("citizen")
                .addAttribute("request", "the one in which it was checked")
                .build();
    }

    private Optional<String> who(String token, Instant at) {
        return memory.find(token, at).map(identity -> identity.getPrincipal().getName());
    }

    @Test
    void a_token_that_was_checked_names_the_same_caller_until_it_expires() {
        memory.keep("Bearer a", named("minji", NOW.plusSeconds(20)), NOW);

        assertEquals(Optional.of("minji"), who("Bearer a", NOW));
        assertEquals(Optional.of("minji"), who("Bearer a", NOW.plusSeconds(20).minusMillis(1)));
        assertEquals(Optional.empty(), who("Bearer a", NOW.plusSeconds(20)));
        assertEquals(
                Set.of("citizen"), memory.find("Bearer a", NOW).orElseThrow().getRoles());
    }

    @Test
    void a_check_counts_for_a_minute_however_long_the_token_lives() {
        memory.keep("Bearer a", named("minji", NOW.plusSeconds(3_600)), NOW);

        assertEquals(
                Optional.of("minji"),
                who("Bearer a", NOW.plus(TokenMemory.LONGEST).minusMillis(1)));
        assertEquals(Optional.empty(), who("Bearer a", NOW.plus(TokenMemory.LONGEST)));
    }

    @Test
    void another_token_is_not_known_however_much_alike() {
        memory.keep("Bearer a.b.c", named("minji", NOW.plusSeconds(60)), NOW);

        for (String other : Set.of("Bearer a.b.d", "Bearer a.b.c ", "bearer a.b.c", "Bearer a.b.", "")) {
            assertEquals(Optional.empty(), who(other, NOW), other);
        }
    }

    @Test
    void nothing_is_kept_of_the_request_in_which_it_was_checked_nor_of_callers_without_a_token() {
        memory.keep("Bearer a", named("minji", NOW.plusSeconds(60)), NOW);
        memory.keep(
                "Bearer b",
                QuarkusSecurityIdentity.builder().setPrincipal(() -> "nobody").build(),
                NOW);

        assertTrue(memory.find("Bearer a", NOW).orElseThrow().getAttributes().isEmpty());
        assertEquals(Optional.empty(), who("Bearer b", NOW));
    }
}
