package city.madang.records;

import city.madang.records.paper.Paper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The process's one {@link Paper}: it holds the fonts. */
@OnJvm
@ApplicationScoped
class Papers {

    @Produces
    @Singleton
    Paper paper() {
        return new Paper();
    }
}
