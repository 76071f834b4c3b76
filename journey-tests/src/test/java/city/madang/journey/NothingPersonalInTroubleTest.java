package city.madang.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** After everything else was killed or away: errors tell nothing of a person either. */
@Order(Integer.MAX_VALUE)
class NothingPersonalInTroubleTest {

    @Test
    void nothing_personal_is_where_services_were_killed_and_away() {
        Town.ready();

        assertEquals(List.of(), new PersonalTraces(Personal.all()).in(TestStack.get(), TestStack.state()));
    }
}
